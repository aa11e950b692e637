/* Two passes over the lines: one counts them, one reads them; then a sort by hash. */
#include "process/entities/links/user_gazetteer_compile.h"

#include "base/utf8.h"
#include "process/entities/keyed.h"
#include "process/entities/links/user_gazetteer.h"
#include "process/model_tables.h"
#include "schemas/annotation.h"

#include <stdlib.h>

#define FIELDS_LEAST 3U
#define FIELDS_MOST  4U

/* Small tables: an entry or less in a bucket, and a byte of `firsts` for each four aliases or more. */
#define BITS_MOST 20U

struct line {
    uint64_t hash; /* of the alias */
    struct gw_user_name name;
};

struct compiler {
    const struct gw_model *model;
    struct gw_arena words; /* of one alias */
    struct gw_arena arena; /* of all */
    struct line *lines;
    uint32_t count;
    struct gw_keyed ids; /* offsets by hash */
    struct gw_buffer strings, contexts;
    uint8_t *firsts;
    unsigned bucket_bits, first_bits;
    struct gw_buffer *complaints;
    size_t mistakes;
    const struct gw_user_source *source;
    unsigned number, line; /* of the source, and in it */
};

static void complain(struct compiler *compiler, const char *what) {
    if (++compiler->mistakes <= GW_USER_COMPLAINTS_MOST && compiler->complaints) {
        gw_buffer_appendf(compiler->complaints, "%s:%u: %s\n", compiler->source->path, compiler->line, what);
    }
}

static struct gw_str take_until(struct gw_str *rest, char separator) {
    const char *at = rest->size > 0 ? memchr(rest->data, separator, rest->size) : NULL;
    size_t size = at ? (size_t)(at - rest->data) : rest->size;
    struct gw_str taken = gw_str_sub(*rest, 0, size);
    *rest = gw_str_sub(*rest, at ? size + 1 : size, rest->size);
    return taken;
}

/* Tokens of a short text, in memory that the next one takes over. */
static enum gw_status tokenise(struct compiler *compiler, struct gw_str s, struct gw_text *text) {
    struct gw_work work = {UINT64_MAX, false};
    gw_arena_reset(&compiler->words);
    *text = (struct gw_text){.fields = {[GW_FIELD_BODY] = s}};
    return gw_tokens_add(text, GW_FIELD_BODY, compiler->model, &work, &compiler->words);
}

static bool is_word(const struct gw_token *token) {
    return token->kind == GW_TOKEN_WORD || token->kind == GW_TOKEN_NUMBER;
}

static enum gw_user_case case_of(const struct gw_text *text) {
    const struct gw_token *first = NULL;
    unsigned letters = 0, capitals = 0;
    for (uint32_t i = 0; i < text->token_count; i++) {
        const struct gw_token *token = &text->tokens[i];
        first = first || !is_word(token) ? first : token;
        letters += token->kind == GW_TOKEN_WORD;
        capitals += token->kind == GW_TOKEN_WORD && (token->shape & (GW_SHAPE_CAPITALS | GW_SHAPE_SINGLE)) &&
                    (token->shape & GW_SHAPE_CAPITAL);
    }
    if (letters > 0 && letters == capitals) {
        return GW_USER_CAPITALS;
    }
    bool capital = first && (first->shape & (GW_SHAPE_CAPITAL | GW_SHAPE_INNER));
    return capital ? GW_USER_CAPITAL : GW_USER_ANY_CASE;
}

static size_t part_of(uint64_t hash, unsigned bits) {
    return bits == 0 ? 0 : (size_t)(hash >> (64 - bits));
}

/* An alias's hash and case, and what `firsts` must know of it. */
static bool read_alias(struct compiler *compiler, struct gw_str alias, struct line *line) {
    struct gw_text text;
    uint64_t first = 0;
    unsigned words = 0;
    line->hash = 0;
    if (tokenise(compiler, alias, &text) != GW_OK) {
        return false;
    }
    for (uint32_t i = 0; i < text.token_count; i++) {
        if (is_word(&text.tokens[i])) {
            first = words++ == 0 ? text.tokens[i].hash : first;
            line->hash = gw_name_hash_add(line->hash, text.tokens[i].hash);
        }
    }
    if (words == 0 || words > GW_USER_ALIAS_WORDS_MOST) {
        complain(compiler,
                 words == 0 ? "the alias has no letter and no digit" : "the alias has more than 8 words");
        return true;
    }
    line->name.tag = (uint32_t)line->hash;
    line->name.letters = (uint8_t)case_of(&text);
    uint8_t *known = &compiler->firsts[part_of(first, compiler->first_bits)];
    uint8_t longest = *known & GW_USER_FIRST_WORDS;
    *known = (uint8_t)((*known & GW_USER_FIRST_SMALL) | (words > longest ? words : longest) |
                       (line->name.letters == GW_USER_ANY_CASE ? GW_USER_FIRST_SMALL : 0));
    return true;
}

/* As the record writes them. */
static const char *const type_words[GW_ENTITY_TYPE_COUNT] = {
    [GW_PERSON] = "PERSON", [GW_ORG] = "ORG",         [GW_LOC] = "LOC",     [GW_FAC] = "FAC",
    [GW_NORP] = "NORP",     [GW_PRODUCT] = "PRODUCT", [GW_EVENT] = "EVENT", [GW_MISC] = "MISC",
};

static void read_type(struct compiler *compiler, struct gw_str word, struct line *line) {
    for (unsigned type = 0; type < GW_ENTITY_TYPE_COUNT; type++) {
        if (gw_str_is(word, type_words[type])) {
            line->name.type = (uint8_t)type;
            return;
        }
    }
    complain(compiler, "the second field is none of PERSON, ORG, LOC, FAC, NORP, PRODUCT, EVENT and MISC");
}

static enum gw_status add_string(struct compiler *compiler, struct gw_str s) {
    gw_buffer_append_byte(&compiler->strings, (uint8_t)s.size);
    return gw_buffer_append_str(&compiler->strings, s);
}

static bool read_id(struct compiler *compiler, struct gw_str id, struct line *line) {
    if (id.size == 0 || id.size > GW_USER_ID_BYTES_MOST) {
        complain(compiler, id.size == 0 ? "the id is empty" : "the id has more than 255 bytes");
        return true;
    }
    /* The same id in another gazetteer is another. */
    uint32_t *at =
        gw_keyed_at(&compiler->ids, gw_hash64(id) ^ (compiler->number + 1) * UINT64_C(0x9E3779B97F4A7C15));
    if (*at == GW_KEYED_NONE || !gw_str_eq(id, (struct gw_str){(const char *)compiler->strings.data + *at + 1,
                                                               compiler->strings.data[*at]})) {
        *at = (uint32_t)compiler->strings.size;
        if (add_string(compiler, id) != GW_OK) {
            return false;
        }
    }
    line->name.id = *at;
    return true;
}

static bool read_context(struct compiler *compiler, struct gw_str context, struct line *line) {
    struct gw_text text;
    if (tokenise(compiler, context, &text) != GW_OK) {
        return false;
    }
    uint64_t hashes[1 + GW_USER_CONTEXT_WORDS_MOST] = {0};
    for (uint32_t i = 0; i < text.token_count; i++) {
        if (!is_word(&text.tokens[i])) {
            continue;
        }
        if (hashes[0] == GW_USER_CONTEXT_WORDS_MOST) {
            complain(compiler, "there are more than 16 context words");
            return true;
        }
        hashes[++hashes[0]] = text.tokens[i].hash;
    }
    if (hashes[0] > 0) {
        line->name.context = (uint32_t)(compiler->contexts.size / sizeof *hashes);
        gw_buffer_append(&compiler->contexts, hashes, (size_t)(hashes[0] + 1) * sizeof *hashes);
    }
    return compiler->contexts.failed == GW_OK;
}

static const char *find_mistake(struct gw_str line, size_t fields) {
    if (line.size > GW_USER_LINE_BYTES_MOST) {
        return "the line has more than 4096 bytes";
    }
    if (!gw_utf8_is_valid(line)) {
        return "the line is not UTF-8";
    }
    if (fields < FIELDS_LEAST || fields > FIELDS_MOST) {
        return "the line is not: alias, type, id and perhaps context words, with a tab between them";
    }
    return NULL;
}

/* False when memory is at its end. */
static bool read_line(struct compiler *compiler, struct gw_str line) {
    if (line.size > 0 && line.data[line.size - 1] == '\r') {
        line.size--;
    }
    if (line.size == 0 || line.data[0] == '#') {
        return true;
    }
    size_t fields = 1;
    for (size_t i = 0; i < line.size; i++) {
        fields += line.data[i] == '\t';
    }
    const char *mistake = find_mistake(line, fields);
    if (mistake) {
        complain(compiler, mistake);
        return true;
    }
    struct line *read = &compiler->lines[compiler->count];
    *read = (struct line){.name = {.scheme = (uint8_t)compiler->number}};
    struct gw_str rest = line;
    bool fine = read_alias(compiler, take_until(&rest, '\t'), read);
    read_type(compiler, take_until(&rest, '\t'), read);
    fine = fine && read_id(compiler, take_until(&rest, '\t'), read) && read_context(compiler, rest, read);
    compiler->count++;
    return fine;
}

static bool read_source(struct compiler *compiler, const struct gw_user_source *source, unsigned number) {
    static const char mark[] = "\xEF\xBB\xBF"; /* some editors put it first */
    struct gw_str rest = source->text;
    size_t skip =
        rest.size >= sizeof mark - 1 && memcmp(rest.data, mark, sizeof mark - 1) == 0 ? sizeof mark - 1 : 0;
    rest = gw_str_sub(rest, skip, rest.size);
    bool fine = true;
    compiler->source = source;
    compiler->number = number;
    compiler->line = 0;
    while (rest.size > 0 && fine) {
        compiler->line++;
        fine = read_line(compiler, take_until(&rest, '\n'));
    }
    return fine;
}

/* Stable, by the upper half of the hash and then by the lower: eight passes of a byte each are 64 bits. */
static enum gw_status sort_lines(struct compiler *compiler) {
    struct line *from = compiler->lines;
    struct line *into = gw_arena_take(&compiler->arena, compiler->count * sizeof *into);
    if (!into) {
        return GW_NO_MEMORY;
    }
    for (unsigned shift = 0; shift < 64; shift += 8) {
        size_t at[257] = {0};
        for (uint32_t i = 0; i < compiler->count; i++) {
            at[(from[i].hash >> shift & 0xFF) + 1]++;
        }
        for (unsigned b = 0; b < 256; b++) {
            at[b + 1] += at[b];
        }
        for (uint32_t i = 0; i < compiler->count; i++) {
            into[at[from[i].hash >> shift & 0xFF]++] = from[i];
        }
        struct line *swap = from;
        from = into;
        into = swap;
    }
    compiler->lines = from;
    return GW_OK;
}

/* A line that says again what another of the same alias has said is left out. */
static void drop_repeats(struct compiler *compiler) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < compiler->count; i++) {
        const struct line *line = &compiler->lines[i];
        bool repeated = false;
        for (uint32_t k = kept; k-- > 0 && compiler->lines[k].hash == line->hash && !repeated;) {
            const struct gw_user_name *other = &compiler->lines[k].name;
            repeated = other->id == line->name.id && other->letters == line->name.letters &&
                       other->context == 0 && line->name.context == 0;
        }
        if (!repeated) {
            compiler->lines[kept++] = *line;
        }
    }
    compiler->count = kept;
}

static void append_aligned(struct gw_buffer *out, const void *data, size_t size) {
    static const char zeros[8];
    gw_buffer_append(out, data, size);
    gw_buffer_append(out, zeros, -size & 7);
}

static void append_buckets(const struct compiler *compiler, struct gw_buffer *out) {
    size_t count = ((size_t)1 << compiler->bucket_bits) + 1;
    uint8_t *room = gw_buffer_reserve(out, (count * sizeof(uint32_t) + 7) & ~(size_t)7);
    if (!room) {
        return;
    }
    memset(room, 0, (count * sizeof(uint32_t) + 7) & ~(size_t)7);
    uint32_t line = 0;
    for (size_t b = 0; b < count; b++) {
        while (line < compiler->count && part_of(compiler->lines[line].hash, compiler->bucket_bits) < b) {
            line++;
        }
        memcpy(room + b * sizeof line, b + 1 == count ? &compiler->count : &line, sizeof line);
    }
    out->size += (count * sizeof(uint32_t) + 7) & ~(size_t)7;
}

static void append_entries(const struct compiler *compiler, struct gw_buffer *out) {
    for (uint32_t i = 0; i < compiler->count; i++) {
        gw_buffer_append(out, &compiler->lines[i].name, sizeof compiler->lines[i].name);
    }
}

static enum gw_status write_block(const struct compiler *compiler, struct gw_buffer *out) {
    struct gw_hash128 folding = gw_user_gazetteer_folding(compiler->model);
    struct gw_user_header header = {
        .magic = GW_USER_GAZETTEER_MAGIC,
        .byte_order = GW_MODEL_BYTE_ORDER,
        .version = GW_USER_GAZETTEER_VERSION,
        .entry_count = compiler->count,
        .context_count = (uint32_t)(compiler->contexts.size / sizeof(uint64_t)),
        .string_bytes = (uint32_t)compiler->strings.size,
        .bucket_bits = (uint8_t)compiler->bucket_bits,
        .first_bits = (uint8_t)compiler->first_bits,
        .model_low = folding.low,
        .model_high = folding.high,
    };
    gw_buffer_append(out, &header, sizeof header);
    append_buckets(compiler, out);
    append_aligned(out, compiler->firsts, (size_t)1 << compiler->first_bits);
    append_entries(compiler, out);
    append_aligned(out, compiler->contexts.data, compiler->contexts.size);
    append_aligned(out, compiler->strings.data, compiler->strings.size);
    if (out->failed == GW_OK) {
        struct gw_hash128 hash = gw_hash128(gw_str_sub(gw_buffer_str(out), sizeof header, out->size));
        header.size = out->size;
        header.hash_low = hash.low;
        header.hash_high = hash.high;
        memcpy(out->data, &header, sizeof header);
    }
    return out->failed;
}

static size_t count_lines(struct gw_str text) {
    size_t lines = 1;
    for (size_t i = 0; i < text.size; i++) {
        lines += text.data[i] == '\n';
    }
    return lines;
}

static enum gw_status make_room(struct compiler *compiler, size_t lines) {
    static const uint64_t none = 0; /* offset 0 of contexts says that there are none */
    while (compiler->bucket_bits < BITS_MOST && (size_t)1 << compiler->bucket_bits < lines) {
        compiler->bucket_bits++;
    }
    compiler->first_bits = compiler->bucket_bits;
    compiler->lines = gw_arena_take(&compiler->arena, lines * sizeof *compiler->lines);
    compiler->firsts = gw_arena_take_zeroed(&compiler->arena, (size_t)1 << compiler->first_bits, 1);
    gw_buffer_append(&compiler->contexts, &none, sizeof none);
    if (!compiler->lines || !compiler->firsts || compiler->contexts.failed != GW_OK) {
        return GW_NO_MEMORY;
    }
    return gw_keyed_init(&compiler->ids, lines, &compiler->arena);
}

static enum gw_status read_all(struct compiler *compiler, const struct gw_user_source *sources,
                               size_t count) {
    size_t lines = 0;
    for (size_t i = 0; i < count; i++) {
        lines += count_lines(sources[i].text);
    }
    if (lines > GW_USER_ALIASES_MOST) {
        return GW_TOO_LARGE;
    }
    enum gw_status status = make_room(compiler, lines);
    for (size_t i = 0; i < count && status == GW_OK; i++) {
        status = add_string(compiler, sources[i].name);
    }
    if (status == GW_OK) {
        status = gw_buffer_append_byte(&compiler->strings, 0);
    }
    for (size_t i = 0; i < count && status == GW_OK; i++) {
        status = read_source(compiler, &sources[i], (unsigned)i) ? GW_OK : GW_NO_MEMORY;
    }
    return status;
}

static enum gw_status compile(struct compiler *compiler, const struct gw_user_source *sources, size_t count,
                              struct gw_buffer *out, struct gw_error *error) {
    enum gw_status status = read_all(compiler, sources, count);
    if (status == GW_OK && compiler->mistakes > 0) {
        return gw_fail(error, GW_BAD_CONFIG, GW_NO_POSITION, "the gazetteer has mistakes (%zu)",
                       compiler->mistakes);
    }
    if (status == GW_OK) {
        status = sort_lines(compiler);
    }
    if (status == GW_OK) {
        drop_repeats(compiler);
        status = write_block(compiler, out);
    }
    if (status == GW_TOO_LARGE) {
        return gw_fail(error, status, GW_NO_POSITION, "the gazetteer is too large");
    }
    return status == GW_OK ? status
                           : gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for the gazetteer");
}

enum gw_status gw_user_gazetteer_compile(const struct gw_user_source *sources, size_t count,
                                         const struct gw_model *model, struct gw_buffer *out,
                                         struct gw_buffer *complaints, struct gw_error *error) {
    struct compiler compiler = {.model = model, .complaints = complaints};
    if (count > GW_USER_GAZETTEERS_MOST) {
        return gw_fail(error, GW_BAD_CONFIG, GW_NO_POSITION, "there are more than 16 gazetteers");
    }
    gw_arena_init(&compiler.words, &out->allocator, SIZE_MAX);
    gw_arena_init(&compiler.arena, &out->allocator, SIZE_MAX);
    gw_buffer_init(&compiler.strings, &out->allocator, UINT32_MAX);
    gw_buffer_init(&compiler.contexts, &out->allocator, UINT32_MAX);
    enum gw_status status = compile(&compiler, sources, count, out, error);
    gw_buffer_free(&compiler.strings);
    gw_buffer_free(&compiler.contexts);
    gw_arena_free(&compiler.words);
    gw_arena_free(&compiler.arena);
    return status;
}
