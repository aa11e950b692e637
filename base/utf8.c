/* UTF-8 with eight bytes at a time where the text is ASCII. */
#include "base/utf8.h"

#define WORD_SIZE sizeof(uint64_t)
#define LOW_BITS  UINT64_C(0x0101010101010101)
#define HIGH_BITS UINT64_C(0x8080808080808080)

static uint64_t load_word(const uint8_t *at) {
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

static bool is_continuation(uint8_t byte) {
    return (byte & 0xC0) == 0x80;
}

/* How long a sequence is and which second bytes it may have, by its first byte: table 3-7 of the Unicode
 * Standard. */
struct lead {
    uint8_t size, second_least, second_most;
};

static struct lead lead_of(uint8_t first) {
    if (first < 0xC2 || first > 0xF4) {
        return (struct lead){0, 0, 0};
    }
    if (first < 0xE0) {
        return (struct lead){2, 0x80, 0xBF};
    }
    if (first < 0xF0) {
        return (struct lead){3, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF};
    }
    return (struct lead){4, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF};
}

/* The length of the well-formed sequence of two to four bytes at `at`, or 0. */
static size_t sequence_size(const uint8_t *at, size_t left) {
    struct lead lead = lead_of(at[0]);
    if (lead.size == 0 || left < lead.size || at[1] < lead.second_least || at[1] > lead.second_most) {
        return 0;
    }
    for (size_t i = 2; i < lead.size; i++) {
        if (!is_continuation(at[i])) {
            return 0;
        }
    }
    return lead.size;
}

/* Where the run of ASCII that begins at `at` ends, or nearly: a byte of it may be left. */
static size_t skip_ascii(const uint8_t *bytes, size_t at, size_t size) {
    while (size - at >= WORD_SIZE && (load_word(bytes + at) & HIGH_BITS) == 0) {
        at += WORD_SIZE;
    }
    return at;
}

size_t gw_utf8_valid_prefix(struct gw_str s) {
    const uint8_t *bytes = (const uint8_t *)s.data;
    size_t at = 0;
    while (at < s.size) {
        if (bytes[at] < 0x80) {
            size_t next = skip_ascii(bytes, at, s.size);
            at = next > at ? next : at + 1;
            continue;
        }
        size_t size = sequence_size(bytes + at, s.size - at);
        if (size == 0) {
            return at;
        }
        at += size;
    }
    return at;
}

size_t gw_utf8_decode(struct gw_str s, size_t at, uint32_t *codepoint) {
    if (at >= s.size) {
        return 0;
    }
    const uint8_t *from = (const uint8_t *)s.data + at;
    size_t size = from[0] < 0x80 ? 1 : from[0] < 0xE0 ? 2 : from[0] < 0xF0 ? 3 : 4;
    static const uint8_t payload[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t value = from[0] & payload[size];
    for (size_t i = 1; i < size; i++) {
        value = value << 6 | (from[i] & 0x3Fu);
    }
    *codepoint = value;
    return size;
}

size_t gw_utf8_encode(uint32_t codepoint, char out[4]) {
    if (codepoint > 0x10FFFF || (codepoint >= 0xD800 && codepoint <= 0xDFFF)) {
        return 0;
    }
    if (codepoint < 0x80) {
        out[0] = (char)codepoint;
        return 1;
    }
    static const uint8_t marks[] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t size = codepoint < 0x800 ? 2 : codepoint < 0x10000 ? 3 : 4;
    for (size_t i = size - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (codepoint & 0x3F));
        codepoint >>= 6;
    }
    out[0] = (char)(marks[size] | codepoint);
    return size;
}

/* Which bytes of a word begin a sequence of four. */
static uint64_t long_leads(uint64_t word) {
    return word >> 7 & word >> 6 & word >> 5 & word >> 4 & LOW_BITS;
}

static uint64_t continuations(uint64_t word) {
    return word >> 7 & ~(word >> 6) & LOW_BITS;
}

/* How many bytes of a word are 1, the others being 0: the product's highest byte is their sum. */
static size_t count_marks(uint64_t word) {
    return (size_t)(word * LOW_BITS >> 56);
}

size_t gw_utf8_count(struct gw_str s) {
    const uint8_t *bytes = (const uint8_t *)s.data;
    size_t at = 0, inner = 0;
    for (; s.size - at >= WORD_SIZE; at += WORD_SIZE) {
        inner += count_marks(continuations(load_word(bytes + at)));
    }
    for (; at < s.size; at++) {
        inner += is_continuation(bytes[at]);
    }
    return s.size - inner;
}

/* A character outside the basic plane has four bytes in UTF-8 and two units in UTF-16. */
size_t gw_utf8_count_utf16(struct gw_str s) {
    const uint8_t *bytes = (const uint8_t *)s.data;
    size_t at = 0, pairs = 0;
    for (; s.size - at >= WORD_SIZE; at += WORD_SIZE) {
        pairs += count_marks(long_leads(load_word(bytes + at)));
    }
    for (; at < s.size; at++) {
        pairs += bytes[at] >= 0xF0;
    }
    return gw_utf8_count(s) + pairs;
}

size_t gw_utf8_floor(struct gw_str s, size_t at) {
    if (at >= s.size) {
        return s.size;
    }
    /* Three is the most that valid text asks for; what is not valid must not make this slow. */
    for (int steps = 0; steps < 3 && at > 0 && is_continuation((uint8_t)s.data[at]); steps++) {
        at--;
    }
    return at;
}
