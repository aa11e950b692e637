/* Lookups by hash: bucket by the upper bits, tag by the lower half; longest match by trying each length. */
#include "process/entities/links/user_gazetteer.h"

#include "process/entities/keyed.h"
#include "process/text/chars.h"
#include "schemas/annotation.h"

/* Of a name that the user has told us, by how it was chosen. */
enum { SURE_CONFIDENCE = 9500, DEFAULT_CONFIDENCE = 7000 };

#define BAD(error, ...) gw_fail((error), GW_BAD_MODEL, GW_NO_POSITION, "gazetteer: " __VA_ARGS__)

struct gw_hash128 gw_user_gazetteer_folding(const struct gw_model *model) {
    return gw_hash128((struct gw_str){(const char *)model->folds, model->folds_count * sizeof *model->folds});
}

static size_t aligned(size_t size) {
    return (size + 7) & ~(size_t)7;
}

static enum gw_status check_header(struct gw_str bytes, const struct gw_model *model,
                                   struct gw_error *error) {
    const struct gw_user_header *header = (const void *)bytes.data;
    if (bytes.size < sizeof *header ||
        memcmp(header->magic, GW_USER_GAZETTEER_MAGIC, sizeof header->magic) != 0) {
        return BAD(error, "this is not a compiled gazetteer");
    }
    if (header->byte_order != GW_MODEL_BYTE_ORDER || header->version != GW_USER_GAZETTEER_VERSION) {
        return BAD(error, "it was compiled by another version or for another byte order");
    }
    struct gw_hash128 hash = gw_hash128(gw_str_sub(bytes, sizeof *header, bytes.size));
    if (header->size != bytes.size || hash.low != header->hash_low || hash.high != header->hash_high) {
        return BAD(error, "the content does not fit its size or hash");
    }
    struct gw_hash128 folding = gw_user_gazetteer_folding(model);
    if (folding.low != header->model_low || folding.high != header->model_high) {
        return BAD(error, "it was compiled with a model that folds letters otherwise");
    }
    return GW_OK;
}

static bool place(struct gw_str bytes, struct gw_user_gazetteer *gazetteer) {
    const struct gw_user_header *header = gazetteer->header;
    if (header->bucket_bits > 31 || header->first_bits > 31 || header->string_bytes == 0) {
        return false;
    }
    const struct {
        const void **to;
        uint64_t size;
    } parts[] = {
        {(const void **)&gazetteer->buckets, ((UINT64_C(1) << header->bucket_bits) + 1) * sizeof(uint32_t)},
        {(const void **)&gazetteer->firsts, UINT64_C(1) << header->first_bits},
        {(const void **)&gazetteer->entries, (uint64_t)header->entry_count * sizeof(struct gw_user_name)},
        {(const void **)&gazetteer->contexts, (uint64_t)header->context_count * sizeof(uint64_t)},
        {(const void **)&gazetteer->strings, header->string_bytes},
    };
    size_t at = sizeof *header;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (at > bytes.size || parts[i].size > bytes.size - at) {
            return false;
        }
        *parts[i].to = bytes.data + at;
        at += aligned(parts[i].size);
    }
    return at == bytes.size;
}

static bool string_is_sound(const struct gw_user_gazetteer *gazetteer, uint32_t offset) {
    uint32_t bytes = gazetteer->header->string_bytes;
    return offset < bytes && (uint8_t)gazetteer->strings[offset] < bytes - offset;
}

static bool context_is_sound(const struct gw_user_gazetteer *gazetteer, uint32_t at) {
    uint32_t count = gazetteer->header->context_count;
    return at == 0 || (at < count && gazetteer->contexts[at] < count - at);
}

static bool entries_are_sound(const struct gw_user_gazetteer *gazetteer) {
    for (uint32_t i = 0; i < gazetteer->header->entry_count; i++) {
        const struct gw_user_name *name = &gazetteer->entries[i];
        if (name->type >= GW_ENTITY_TYPE_COUNT || name->letters > GW_USER_CAPITALS ||
            name->scheme >= GW_USER_GAZETTEERS_MOST || gazetteer->schemes[name->scheme] == UINT32_MAX ||
            !string_is_sound(gazetteer, name->id) || !context_is_sound(gazetteer, name->context)) {
            return false;
        }
    }
    return true;
}

static bool buckets_are_sound(const struct gw_user_gazetteer *gazetteer) {
    uint32_t last = 0;
    for (uint64_t i = 0; i <= UINT64_C(1) << gazetteer->header->bucket_bits; i++) {
        if (gazetteer->buckets[i] < last) {
            return false;
        }
        last = gazetteer->buckets[i];
    }
    return gazetteer->buckets[0] == 0 && last == gazetteer->header->entry_count;
}

/* The schemes' names are the first strings; an empty one ends them. */
static void find_schemes(struct gw_user_gazetteer *gazetteer) {
    uint32_t at = 0;
    bool ended = false;
    for (unsigned i = 0; i < GW_USER_GAZETTEERS_MOST; i++) {
        ended = ended || !string_is_sound(gazetteer, at) || gazetteer->strings[at] == 0;
        gazetteer->schemes[i] = ended ? UINT32_MAX : at;
        at += ended ? 0 : (uint32_t)(uint8_t)gazetteer->strings[at] + 1;
    }
}

enum gw_status gw_user_gazetteer_open(struct gw_str bytes, const struct gw_model *model,
                                      struct gw_user_gazetteer *gazetteer, struct gw_error *error) {
    enum gw_status status = check_header(bytes, model, error);
    if (status != GW_OK) {
        return status;
    }
    gazetteer->header = (const void *)bytes.data;
    if (!place(bytes, gazetteer)) {
        return BAD(error, "its parts do not lie inside it");
    }
    find_schemes(gazetteer);
    if (!entries_are_sound(gazetteer) || !buckets_are_sound(gazetteer)) {
        return BAD(error, "it has values that are not allowed");
    }
    gw_hash128_hex((struct gw_hash128){gazetteer->header->hash_high, gazetteer->header->hash_low},
                   gazetteer->hash);
    return GW_OK;
}

struct finder {
    const struct gw_user_gazetteer *gazetteer;
    const struct gw_text *text;
    struct gw_arena *arena;
    struct gw_keyed words; /* of the article; made when a context is asked for */
    bool has_words;
    enum gw_status status;
    struct gw_name_span *items;
    uint32_t count, capacity;
};

static bool is_word(const struct gw_token *token) {
    return token->kind == GW_TOKEN_WORD || token->kind == GW_TOKEN_NUMBER;
}

static void gather_words(struct finder *finder) {
    finder->has_words = true;
    finder->status = gw_keyed_init(&finder->words, finder->text->token_count, finder->arena);
    for (uint32_t i = 0; finder->status == GW_OK && i < finder->text->token_count; i++) {
        if (finder->text->tokens[i].hash != 0) {
            *gw_keyed_at(&finder->words, finder->text->tokens[i].hash) = i;
        }
    }
}

/* How many of the name's context words the article has. */
static uint64_t count_context(struct finder *finder, const struct gw_user_name *name) {
    const uint64_t *context = &finder->gazetteer->contexts[name->context];
    uint64_t found = 0;
    if (!finder->has_words) {
        gather_words(finder);
    }
    for (uint64_t i = 1; finder->status == GW_OK && i <= context[0]; i++) {
        found += gw_keyed_find(&finder->words, context[i]) != GW_KEYED_NONE;
    }
    return found;
}

static bool case_fits(const struct gw_text *text, const struct gw_user_name *name, uint32_t first,
                      uint32_t last) {
    bool fits = true;
    if (name->letters == GW_USER_CAPITAL) {
        return text->tokens[first].kind == GW_TOKEN_NUMBER ||
               (text->tokens[first].shape & (GW_SHAPE_CAPITAL | GW_SHAPE_INNER)) != 0;
    }
    for (uint32_t i = first; name->letters == GW_USER_CAPITALS && i <= last; i++) {
        fits = fits && (text->tokens[i].kind != GW_TOKEN_WORD ||
                        (text->tokens[i].shape & (GW_SHAPE_CAPITALS | GW_SHAPE_SINGLE)) != 0);
    }
    return fits;
}

/* What one alias means here. */
struct choice {
    const struct gw_user_name *name; /* NULL: nothing */
    uint64_t context;                /* words of it that were found */
    unsigned rivals;
};

static struct choice choose(struct finder *finder, uint64_t hash, uint32_t first, uint32_t last) {
    const struct gw_user_gazetteer *gazetteer = finder->gazetteer;
    unsigned bits = gazetteer->header->bucket_bits;
    uint64_t bucket = bits == 0 ? 0 : hash >> (64 - bits);
    struct choice best = {NULL, 0, 0};
    for (uint32_t i = gazetteer->buckets[bucket]; i < gazetteer->buckets[bucket + 1]; i++) {
        const struct gw_user_name *name = &gazetteer->entries[i];
        if (name->tag != (uint32_t)hash || !case_fits(finder->text, name, first, last)) {
            continue;
        }
        uint64_t context = name->context != 0 ? count_context(finder, name) : 0;
        best.rivals++;
        if ((name->context == 0 || context > 0) && (!best.name || context > best.context)) {
            best.name = name;
            best.context = context;
        }
    }
    return best;
}

/* A mark that names are written with, or a stray full stop; it is not hashed. */
static bool is_passed_over(const struct gw_text *text, uint32_t i) {
    const struct gw_token *token = &text->tokens[i];
    return token->kind == GW_TOKEN_POSSESSIVE || token->mark == GW_MARK_HYPHEN ||
           token->mark == GW_MARK_AMPERSAND ||
           ((token->mark == GW_MARK_PERIOD || token->mark == GW_MARK_APOSTROPHE) &&
            gw_token_touches(text, i));
}

static unsigned words_to_try(const struct finder *finder, uint32_t i) {
    const struct gw_token *token = &finder->text->tokens[i];
    if (!is_word(token)) {
        return 0;
    }
    unsigned bits = finder->gazetteer->header->first_bits;
    uint8_t first = finder->gazetteer->firsts[bits == 0 ? 0 : token->hash >> (64 - bits)];
    bool capital = token->kind == GW_TOKEN_NUMBER || (token->shape & (GW_SHAPE_CAPITAL | GW_SHAPE_INNER));
    return capital || (first & GW_USER_FIRST_SMALL) ? first & GW_USER_FIRST_WORDS : 0;
}

static enum gw_status add(struct finder *finder, struct gw_name_span span) {
    if (finder->count == finder->capacity) {
        size_t wanted = (size_t)finder->capacity * 2 + 16;
        struct gw_name_span *grown =
            gw_arena_grow(finder->arena, finder->items, finder->capacity, wanted, sizeof *finder->items);
        if (!grown) {
            return GW_NO_MEMORY;
        }
        finder->items = grown;
        finder->capacity = (uint32_t)wanted;
    }
    finder->items[finder->count++] = span;
    return GW_OK;
}

/* The longest alias whose first word is token `first`; `*last` is its last token. */
static struct choice match(struct finder *finder, uint32_t first, uint32_t end, uint32_t *last) {
    unsigned most = words_to_try(finder, first), words = 0;
    struct choice best = {NULL, 0, 0};
    uint64_t hash = 0;
    for (uint32_t i = first; i < end && words < most; i++) {
        if (!is_word(&finder->text->tokens[i])) {
            if (!is_passed_over(finder->text, i)) {
                break;
            }
            continue;
        }
        words++;
        hash = gw_name_hash_add(hash, finder->text->tokens[i].hash);
        struct choice found = choose(finder, hash, first, i);
        if (found.name) {
            best = found;
            *last = i;
        }
    }
    return best;
}

static enum gw_status find_in_sentence(struct finder *finder, uint32_t sentence) {
    const struct gw_sentence_range *range = &finder->text->sentences[sentence];
    enum gw_status status = GW_OK;
    for (uint32_t i = range->first; i < range->end && status == GW_OK; i++) {
        uint32_t last = i;
        struct choice choice = match(finder, i, range->end, &last);
        if (choice.name) {
            bool sure = choice.context > 0 || choice.rivals == 1;
            status =
                add(finder, (struct gw_name_span){.first = i,
                                                  .last = last,
                                                  .sentence = sentence,
                                                  .role_first = GW_NO_INDEX,
                                                  .role_last = GW_NO_INDEX,
                                                  .own = choice.name,
                                                  .type = choice.name->type,
                                                  .confidence = sure ? SURE_CONFIDENCE : DEFAULT_CONFIDENCE});
            i = last;
        }
    }
    return status == GW_OK ? finder->status : status;
}

/* Both are in order and apart. Of two that overlap the user's is taken, but where it lies inside a longer
 * one. */
static enum gw_status merge(const struct finder *finder, struct gw_name_spans *spans) {
    struct gw_name_span *out =
        gw_arena_take(finder->arena, ((size_t)spans->count + finder->count) * sizeof *out);
    uint32_t count = 0, own = 0;
    if (!out) {
        return GW_NO_MEMORY;
    }
    for (uint32_t i = 0; i < spans->count; i++) {
        const struct gw_name_span *found = &spans->items[i];
        uint32_t at = own;
        while (at < finder->count && finder->items[at].last < found->first) {
            at++;
        }
        bool overlaps = at < finder->count && finder->items[at].first <= found->last;
        struct gw_name_span *rival = &finder->items[at];
        bool inside = overlaps && rival->first >= found->first && rival->last <= found->last &&
                      rival->last - rival->first < found->last - found->first;
        if (overlaps && rival->first == found->first && rival->last == found->last &&
            rival->type == found->type) {
            rival->known = found->known;
        }
        while (own < at) {
            out[count++] = finder->items[own++];
        }
        if (!overlaps || inside) {
            out[count++] = *found;
            while (own < finder->count && finder->items[own].first <= found->last) {
                own++;
            }
        }
    }
    while (own < finder->count) {
        out[count++] = finder->items[own++];
    }
    *spans = (struct gw_name_spans){out, count};
    return GW_OK;
}

enum gw_status gw_user_names_find(const struct gw_user_gazetteer *gazetteer, const struct gw_text *text,
                                  struct gw_arena *arena, struct gw_name_spans *spans) {
    struct finder finder = {.gazetteer = gazetteer, .text = text, .arena = arena};
    enum gw_status status = GW_OK;
    for (uint32_t s = 0; s < text->sentence_count && status == GW_OK; s++) {
        status = find_in_sentence(&finder, s);
    }
    return status == GW_OK && finder.count > 0 ? merge(&finder, spans) : status;
}
