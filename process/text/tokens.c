/* The tokeniser: one pass over the bytes, a table per byte, words folded and hashed as they are read. Most
 * words are a few ASCII letters and a space behind them: they have a loop of their own. Words are looked up
 * in the end, when their places in the table have come from memory. */
#include "process/text/tokens.h"

#include "base/hash_inline.h"
#include "process/text/chars.h"
#include "process/text/letters.h"

#define TOKENS_LEAST 64U

/* Most text has a token in so many bytes. */
#define TOKEN_BYTES 5U

/* gw_token.word of a word that is yet to be looked up. */
#define WORD_WANTED 0U

struct scanner {
    const struct gw_model *model;
    struct gw_arena *arena;
    struct gw_text *text;
    uint32_t capacity;
    bool guessed;    /* capacity is for more than the tokens that were there */
    struct gw_str s; /* the field */
    size_t at;
    uint16_t gap; /* GW_SHAPE_SPACE and so on, of the next token */
};

/* A word while it is read. */
struct reading {
    size_t key_size;
    size_t letters, capitals;
    uint16_t shape;
    char key[GW_WORD_BYTES_MAX];
};

/* Leaves the key's bytes as they are: clearing them would cost more than reading the word. */
static void begin_reading(struct reading *reading) {
    reading->key_size = 0;
    reading->letters = 0;
    reading->capitals = 0;
    reading->shape = 0;
}

static bool is_alphanumeric(uint8_t byte) {
    return (uint8_t)((byte | 0x20) - 'a') < 26 || (uint8_t)(byte - '0') < 10;
}

/* About how many tokens the rest of the field has, rather too many: bytes that do not go on with a word. */
static size_t count_beginnings(const struct scanner *scanner) {
    size_t count = 0;
    for (size_t at = scanner->at; at < scanner->s.size; at++) {
        uint8_t byte = (uint8_t)scanner->s.data[at];
        uint8_t before = at > 0 ? (uint8_t)scanner->s.data[at - 1] : ' ';
        count += byte > ' ' && !(is_alphanumeric(byte) && is_alphanumeric(before));
    }
    return count;
}

static size_t at_least(size_t size, size_t least) {
    return size > least ? size : least;
}

/* Room is made by a guess, and once more by a count: a large article's tokens are not to be copied around in
 * the arena, which keeps all copies. */
static enum gw_status make_room(struct scanner *scanner, const struct gw_work *work) {
    if (scanner->text->token_count < scanner->capacity) {
        return GW_OK;
    }
    size_t more = scanner->guessed ? at_least(count_beginnings(scanner), scanner->capacity / 2)
                                   : (scanner->s.size - scanner->at) / TOKEN_BYTES;
    uint64_t paid = work->left / GW_TOKEN_WORK + 1;
    size_t wanted = scanner->capacity + (more < paid ? more : (size_t)paid) + TOKENS_LEAST;
    struct gw_token *grown = gw_arena_grow(scanner->arena, scanner->text->tokens, scanner->capacity, wanted,
                                           sizeof *scanner->text->tokens);
    if (!grown) {
        return GW_NO_MEMORY;
    }
    scanner->guessed = true;
    scanner->text->tokens = grown;
    scanner->capacity = (uint32_t)wanted;
    return GW_OK;
}

static struct gw_token *add_token(struct scanner *scanner, size_t start, size_t end,
                                  enum gw_token_kind kind) {
    struct gw_token *token = &scanner->text->tokens[scanner->text->token_count++];
    *token = (struct gw_token){
        0, (uint32_t)start, (uint32_t)end, GW_NO_WORD, (uint8_t)kind, GW_MARK_NONE, scanner->gap};
    scanner->gap = 0;
    scanner->at = end;
    return token;
}

static bool is_letter_class(uint8_t class) {
    return class == GW_CHAR_LOWER || class == GW_CHAR_UPPER;
}

static uint8_t class_at(const struct scanner *scanner, size_t at) {
    return at < scanner->s.size ? gw_char_at(scanner->s, at).class : (uint8_t)GW_CHAR_SPACE;
}

static void add_key(struct reading *reading, const char *bytes, size_t size) {
    if (size <= sizeof reading->key - reading->key_size) {
        memcpy(reading->key + reading->key_size, bytes, size);
        reading->key_size += size;
    }
}

static void read_letter(struct reading *reading, bool capital) {
    if (capital) {
        if (reading->letters == 0) {
            reading->shape |= GW_SHAPE_CAPITAL;
        } else if (reading->letters > reading->capitals) {
            reading->shape |= GW_SHAPE_INNER;
        }
        reading->capitals++;
    }
    reading->letters++;
}

/* A letter beyond ASCII, folded by the model's table. */
static void read_high_letter(const struct scanner *scanner, struct reading *reading, struct gw_char c) {
    read_letter(reading, c.class == GW_CHAR_UPPER);
    if (c.codepoint >= GW_FOLD_FIRST && c.codepoint < GW_FOLD_END) {
        const struct gw_fold *fold = &scanner->model->folds[c.codepoint - GW_FOLD_FIRST];
        size_t size = strnlen(fold->letters, sizeof fold->letters);
        if (size > 0) {
            add_key(reading, fold->letters, size);
            return;
        }
    }
    add_key(reading, scanner->s.data + scanner->at, c.size);
}

/* An apostrophe (`size` bytes) belongs to the word when a letter follows, but not before a lone "s". */
static bool apostrophe_joins(const struct scanner *scanner, size_t size) {
    size_t next = scanner->at + size;
    if (!is_letter_class(class_at(scanner, next))) {
        return false;
    }
    bool is_s = (scanner->s.data[next] | 0x20) == 's';
    return !is_s || is_letter_class(class_at(scanner, next + 1));
}

/* Reads on at a byte that is no ASCII letter; false where the word ends. */
static bool read_other(struct scanner *scanner, struct reading *reading) {
    struct gw_char c = gw_char_at(scanner->s, scanner->at);
    if (is_letter_class(c.class)) {
        read_high_letter(scanner, reading, c);
    } else if (c.mark == GW_MARK_APOSTROPHE && apostrophe_joins(scanner, c.size)) {
        add_key(reading, "'", 1);
    } else if (c.class == GW_CHAR_DIGIT) {
        reading->shape |= GW_SHAPE_DIGITS;
        add_key(reading, scanner->s.data + scanner->at, c.size);
    } else {
        return false;
    }
    scanner->at += c.size;
    return true;
}

static void read_word(struct scanner *scanner, struct reading *reading) {
    while (scanner->at < scanner->s.size) {
        char byte = scanner->s.data[scanner->at];
        uint8_t class = gw_char_ascii_class[(uint8_t)byte];
        if (is_letter_class(class)) {
            char folded = (char)(byte | 0x20);
            add_key(reading, &folded, 1);
            read_letter(reading, class == GW_CHAR_UPPER);
            scanner->at++;
        } else if (!read_other(scanner, reading)) {
            return;
        }
    }
}

static bool ascii_letter_at(const struct scanner *scanner, size_t at) {
    return at < scanner->s.size && is_letter_class(gw_char_ascii_class[(uint8_t)scanner->s.data[at]]);
}

static bool byte_at(const struct scanner *scanner, size_t at, char byte) {
    return at < scanner->s.size && scanner->s.data[at] == byte;
}

/* "U.S.", "a.m.", "J.K": single letters parted by full stops; false and nothing read for anything else. */
static bool read_dotted(struct scanner *scanner, struct reading *reading) {
    size_t at = scanner->at;
    size_t pairs = 0;
    if (!byte_at(scanner, at + 1, '.')) {
        return false;
    }
    while (ascii_letter_at(scanner, at) && !is_letter_class(class_at(scanner, at + 1))) {
        char folded = (char)(scanner->s.data[at] | 0x20);
        add_key(reading, &folded, 1);
        read_letter(reading, gw_char_ascii_class[(uint8_t)scanner->s.data[at]] == GW_CHAR_UPPER);
        pairs++;
        at++;
        if (!byte_at(scanner, at, '.')) {
            break;
        }
        at++;
    }
    if (pairs < 2) {
        begin_reading(reading);
        return false;
    }
    reading->shape |= GW_SHAPE_DOTTED;
    scanner->at = at;
    return true;
}

static bool key_is(const struct reading *reading, const char *word) {
    return gw_str_is((struct gw_str){reading->key, reading->key_size}, word);
}

/* "https://…" and "www.…" go on to the next space or quote. */
static bool begins_url(const struct scanner *scanner, const struct reading *reading) {
    struct gw_str rest = gw_str_sub(scanner->s, scanner->at, scanner->s.size);
    if (rest.size == 0 || (rest.data[0] != ':' && rest.data[0] != '.')) {
        return false;
    }
    if (key_is(reading, "http") || key_is(reading, "https") || key_is(reading, "ftp")) {
        return rest.size > 3 && memcmp(rest.data, "://", 3) == 0;
    }
    return key_is(reading, "www") && rest.size > 1 && rest.data[0] == '.' &&
           ascii_letter_at(scanner, scanner->at + 1);
}

static void read_url(struct scanner *scanner) {
    size_t end = scanner->at;
    while (scanner->at < scanner->s.size) {
        struct gw_char c = gw_char_at(scanner->s, scanner->at);
        bool quotes = c.mark == GW_MARK_QUOTE || c.mark == GW_MARK_QUOTE_OPEN ||
                      c.mark == GW_MARK_QUOTE_CLOSE || c.mark == GW_MARK_CLOSE || c.codepoint == '<' ||
                      c.codepoint == '>';
        if (c.class == GW_CHAR_SPACE || c.class == GW_CHAR_NEWLINE || quotes) {
            break;
        }
        scanner->at += c.size;
        if (c.class != GW_CHAR_MARK || c.mark == GW_MARK_SLASH) {
            end = scanner->at;
        }
    }
    scanner->at = end;
}

static uint16_t finish_shape(const struct reading *reading) {
    uint16_t shape = reading->shape;
    if (reading->letters > 1 && reading->capitals == reading->letters) {
        shape |= GW_SHAPE_CAPITALS;
    }
    if (reading->letters == 1 && !(shape & GW_SHAPE_DIGITS)) {
        shape |= GW_SHAPE_SINGLE;
    }
    return shape;
}

static void scan_word(struct scanner *scanner) {
    struct reading reading;
    size_t start = scanner->at;
    begin_reading(&reading);
    if (!read_dotted(scanner, &reading)) {
        read_word(scanner, &reading);
        if (begins_url(scanner, &reading)) {
            read_url(scanner);
            add_token(scanner, start, scanner->at, GW_TOKEN_URL);
            return;
        }
    }
    struct gw_token *token = add_token(scanner, start, scanner->at, GW_TOKEN_WORD);
    token->shape |= finish_shape(&reading);
    token->hash = gw_hash64_inline(reading.key, reading.key_size);
    if (reading.key_size == sizeof reading.key) {
        token->hash += token->end - token->start;
    } else {
        token->word = WORD_WANTED;
        const struct gw_model *model = scanner->model;
        __builtin_prefetch(gw_slot_home(model->word_slots, model->word_slots_count, token->hash));
    }
}

/* What may follow a word of ASCII letters, by byte: nothing that may go on with it, nor that may make it an
 * abbreviation or an address. Stops and commas before a space are read with the word. */
enum after_word { AFTER_OTHER, AFTER_SPACE, AFTER_MARK, AFTER_STOP };

static const uint8_t after_word[256] = {
    [' '] = AFTER_SPACE, [','] = AFTER_STOP, ['.'] = AFTER_STOP, ['\n'] = AFTER_MARK,
    ['-'] = AFTER_MARK,  ['"'] = AFTER_MARK, [')'] = AFTER_MARK, ['?'] = AFTER_MARK,
    ['!'] = AFTER_MARK,  [';'] = AFTER_MARK, ['/'] = AFTER_MARK, ['('] = AFTER_MARK,
};

/* Of a word of `size` letters; bit k of `capitals` is letter k, all others are 0. */
static uint32_t plain_shape(uint32_t capitals, uint32_t size) {
    uint32_t first_small = ~capitals & (capitals + 1);
    return (uint32_t)(capitals & 1) * GW_SHAPE_CAPITAL |
           (uint32_t)(first_small == 1U << size && size > 1) * GW_SHAPE_CAPITALS |
           (uint32_t)(capitals > first_small) * GW_SHAPE_INNER | (uint32_t)(size == 1) * GW_SHAPE_SINGLE;
}

static struct gw_token word_token(uint64_t hash, size_t start, size_t end, uint32_t shape) {
    return (struct gw_token){hash,          (uint32_t)start, (uint32_t)end,  WORD_WANTED,
                             GW_TOKEN_WORD, GW_MARK_NONE,    (uint16_t)shape};
}

static struct gw_token mark_token(size_t at, uint8_t mark) {
    return (struct gw_token){0, (uint32_t)at, (uint32_t)at + 1, GW_NO_WORD, GW_TOKEN_MARK, mark, 0};
}

/* Reads words that are ASCII letters, with one space or a mark and one space between them: at most `most`
 * tokens, and as far as there is room. What follows is the other functions'. Returns how many. */
static uint32_t scan_plain_words(struct scanner *scanner, uint32_t most) {
    const struct gw_slot *slots = scanner->model->word_slots;
    uint32_t slot_count = scanner->model->word_slots_count;
    const char *data = scanner->s.data;
    struct gw_token *tokens = scanner->text->tokens + scanner->text->token_count, *token = tokens;
    const struct gw_token *end = tokens + most - (most > 0);
    size_t at = scanner->at, size = scanner->s.size;
    size -= size > GW_LETTERS_AT_ONCE ? GW_LETTERS_AT_ONCE + 1 : size;
    uint32_t gap = scanner->gap;
    while (token < end && at < size) {
        char folded[GW_LETTERS_AT_ONCE];
        struct gw_letters look = gw_letters_look(data + at, folded);
        uint32_t letters = (uint32_t)__builtin_ctz(~look.letters);
        char next = data[at + letters];
        uint8_t after = after_word[(uint8_t)next];
        if (letters == 0 || letters >= GW_LETTERS_AT_ONCE || after == AFTER_OTHER) {
            break;
        }
        bool stops = after == AFTER_STOP;
        if (stops && (data[at + letters + 1] != ' ' || letters == 1)) {
            break;
        }
        uint64_t hash = gw_hash64_inline(folded, letters);
        __builtin_prefetch(gw_slot_home(slots, slot_count, hash));
        uint32_t capitals = look.capitals & ((1U << letters) - 1);
        *token++ = word_token(hash, at, at + letters, gap | plain_shape(capitals, letters));
        at += letters;
        if (stops) {
            *token++ = mark_token(at++, gw_char_ascii_mark[(uint8_t)next]);
        }
        uint32_t space = stops || after == AFTER_SPACE;
        gap = space * GW_SHAPE_SPACE;
        at += space;
    }
    scanner->at = at;
    scanner->gap = (uint16_t)gap;
    scanner->text->token_count += (uint32_t)(token - tokens);
    return (uint32_t)(token - tokens);
}

/* A mark between digits that belongs to the number: "1,200", "3.5", "10:30", "15/8". */
static bool joins_digits(const struct scanner *scanner) {
    char byte = scanner->s.data[scanner->at];
    return (byte == '.' || byte == ',' || byte == ':' || byte == '/') &&
           class_at(scanner, scanner->at + 1) == GW_CHAR_DIGIT;
}

static void scan_number(struct scanner *scanner) {
    size_t start = scanner->at;
    bool in_digits = true;
    while (scanner->at < scanner->s.size) {
        struct gw_char c = gw_char_at(scanner->s, scanner->at);
        if (is_letter_class(c.class) && c.codepoint < 0x80) {
            in_digits = false;
        } else if (c.class != GW_CHAR_DIGIT && !(in_digits && joins_digits(scanner))) {
            break;
        }
        scanner->at += c.size;
    }
    struct gw_token *token = add_token(scanner, start, scanner->at, GW_TOKEN_NUMBER);
    token->hash = gw_hash64(gw_str_sub(scanner->s, start, scanner->at));
    token->shape |= in_digits ? 0 : GW_SHAPE_DIGITS;
}

/* 's (or ’s) directly behind a word or number. */
static bool is_possessive(const struct scanner *scanner, struct gw_char c) {
    const struct gw_text *text = scanner->text;
    size_t next = scanner->at + c.size;
    if (c.mark != GW_MARK_APOSTROPHE || scanner->gap != 0 || text->token_count == 0) {
        return false;
    }
    return next < scanner->s.size && (scanner->s.data[next] | 0x20) == 's' &&
           text->tokens[text->token_count - 1].kind <= GW_TOKEN_NUMBER &&
           !is_letter_class(class_at(scanner, next + 1));
}

static void scan_handle(struct scanner *scanner) {
    size_t start = scanner->at++;
    while (scanner->at < scanner->s.size) {
        uint8_t class = class_at(scanner, scanner->at);
        if (!is_letter_class(class) && class != GW_CHAR_DIGIT && scanner->s.data[scanner->at] != '_') {
            break;
        }
        scanner->at += gw_char_at(scanner->s, scanner->at).size;
    }
    add_token(scanner, start, scanner->at, GW_TOKEN_URL);
}

static void scan_mark(struct scanner *scanner, struct gw_char c) {
    size_t start = scanner->at, end = start + c.size;
    if (is_possessive(scanner, c)) {
        add_token(scanner, start, end + 1, GW_TOKEN_POSSESSIVE);
        return;
    }
    if (c.mark == GW_MARK_AT && ascii_letter_at(scanner, end)) {
        scan_handle(scanner);
        return;
    }
    if (c.mark == GW_MARK_PERIOD && byte_at(scanner, end, '.')) {
        while (byte_at(scanner, end, '.')) {
            end++;
        }
        c.mark = GW_MARK_ELLIPSIS;
    }
    if (c.codepoint == '-' && byte_at(scanner, end, '-')) {
        while (byte_at(scanner, end, '-')) {
            end++;
        }
        c.mark = GW_MARK_DASH;
    }
    add_token(scanner, start, end, GW_TOKEN_MARK)->mark = c.mark;
}

static void scan_gap(struct scanner *scanner, struct gw_char c) {
    if (c.class == GW_CHAR_NEWLINE) {
        scanner->gap |= scanner->gap & GW_SHAPE_LINE ? GW_SHAPE_PARAGRAPH : GW_SHAPE_LINE;
    }
    scanner->gap |= GW_SHAPE_SPACE;
    scanner->at += c.size;
}

static void scan_token(struct scanner *scanner) {
    struct gw_char c = gw_char_at(scanner->s, scanner->at);
    if (is_letter_class(c.class)) {
        scan_word(scanner);
    } else if (c.class == GW_CHAR_DIGIT) {
        scan_number(scanner);
    } else if (c.class == GW_CHAR_MARK) {
        scan_mark(scanner, c);
    } else {
        scan_gap(scanner, c);
    }
}

/* One space, if there is one: most tokens are followed by one, but which cannot be foreseen. */
static void skip_space(struct scanner *scanner) {
    uint32_t space = scanner->s.data[scanner->at] == ' ';
    scanner->gap = (uint16_t)(scanner->gap | space * GW_SHAPE_SPACE);
    scanner->at += space;
}

/* Tokens that there is room and budget for. */
static uint32_t count_room(const struct scanner *scanner, const struct gw_work *work) {
    uint64_t room = scanner->capacity - scanner->text->token_count, paid = work->left / GW_TOKEN_WORK;
    return (uint32_t)(room < paid ? room : paid);
}

static enum gw_status scan(struct scanner *scanner, struct gw_work *work) {
    while (scanner->at < scanner->s.size) {
        skip_space(scanner);
        if (scanner->at == scanner->s.size) {
            break;
        }
        if (make_room(scanner, work) != GW_OK) {
            return GW_NO_MEMORY;
        }
        uint32_t before = scanner->text->token_count;
        if (ascii_letter_at(scanner, scanner->at)) {
            work->left -= (uint64_t)GW_TOKEN_WORK * scan_plain_words(scanner, count_room(scanner, work));
        }
        if (scanner->text->token_count > before) {
            continue;
        }
        scan_token(scanner);
        if (scanner->text->token_count > before && !gw_work_take(work, GW_TOKEN_WORK)) {
            return GW_OK;
        }
    }
    return GW_OK;
}

/* Looks the words up from token `first` on. */
static void find_words(struct gw_text *text, uint32_t first, const struct gw_model *model) {
    const struct gw_slot *slots = model->word_slots;
    const struct gw_word *words = model->words;
    uint32_t slot_count = model->word_slots_count;
    for (uint32_t i = first; i < text->token_count; i++) {
        struct gw_token *token = &text->tokens[i];
        if (token->word == WORD_WANTED) {
            uint32_t word = gw_slot_find(slots, slot_count, token->hash);
            __builtin_prefetch((const void *)((uintptr_t)words + (uintptr_t)word * sizeof *words));
            token->word = word;
        }
    }
}

enum gw_status gw_tokens_add(struct gw_text *text, enum gw_text_field field, const struct gw_model *model,
                             struct gw_work *work, struct gw_arena *arena) {
    uint32_t first = text->token_count;
    struct scanner scanner = {.model = model,
                              .arena = arena,
                              .text = text,
                              .capacity = first,
                              .s = text->fields[field],
                              .gap = GW_SHAPE_LINE | GW_SHAPE_PARAGRAPH};
    enum gw_status status = work->ended ? GW_OK : scan(&scanner, work);
    find_words(text, first, model);
    return status;
}
