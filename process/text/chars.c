/* Character classes: a table for ASCII, a short list and Unicode's categories for the rest. */
#include "process/text/chars.h"

#include <utf8proc.h>

const uint8_t gw_char_ascii_class[256] = {
    [0 ... '\n' - 1] = GW_CHAR_SPACE, ['\n'] = GW_CHAR_NEWLINE,      ['\n' + 1 ... ' '] = GW_CHAR_SPACE,
    ['!' ... '/'] = GW_CHAR_MARK,     ['0' ... '9'] = GW_CHAR_DIGIT, [':' ... '@'] = GW_CHAR_MARK,
    ['A' ... 'Z'] = GW_CHAR_UPPER,    ['[' ... '`'] = GW_CHAR_MARK,  ['a' ... 'z'] = GW_CHAR_LOWER,
    ['{' ... '~'] = GW_CHAR_MARK,     [0x7F] = GW_CHAR_SPACE,        [0x80 ... 0xFF] = GW_CHAR_HIGH,
};

const uint8_t gw_char_ascii_mark[128] = {
    ['!'] = GW_MARK_EXCLAMATION, ['"'] = GW_MARK_QUOTE,     ['#'] = GW_MARK_HASH,
    ['$'] = GW_MARK_CURRENCY,    ['%'] = GW_MARK_PERCENT,   ['&'] = GW_MARK_AMPERSAND,
    ['\''] = GW_MARK_APOSTROPHE, ['('] = GW_MARK_OPEN,      [')'] = GW_MARK_CLOSE,
    ['*'] = GW_MARK_BULLET,      ['+'] = GW_MARK_PLUS,      [','] = GW_MARK_COMMA,
    ['-'] = GW_MARK_HYPHEN,      ['.'] = GW_MARK_PERIOD,    ['/'] = GW_MARK_SLASH,
    [':'] = GW_MARK_COLON,       [';'] = GW_MARK_SEMICOLON, ['<'] = GW_MARK_OTHER,
    ['='] = GW_MARK_OTHER,       ['>'] = GW_MARK_OTHER,     ['?'] = GW_MARK_QUESTION,
    ['@'] = GW_MARK_AT,          ['['] = GW_MARK_OPEN,      ['\\'] = GW_MARK_OTHER,
    [']'] = GW_MARK_CLOSE,       ['^'] = GW_MARK_OTHER,     ['_'] = GW_MARK_OTHER,
    ['`'] = GW_MARK_APOSTROPHE,  ['{'] = GW_MARK_OPEN,      ['|'] = GW_MARK_OTHER,
    ['}'] = GW_MARK_CLOSE,       ['~'] = GW_MARK_OTHER,
};

/* Where Unicode's category is not what the tokens need, sorted by code point. */
static const struct special {
    uint32_t codepoint;
    uint8_t class, mark;
} specials[] = {
    {0x00A0, GW_CHAR_SPACE, 0},
    {0x00AB, GW_CHAR_MARK, GW_MARK_QUOTE_OPEN},
    {0x00AD, GW_CHAR_LOWER, 0}, /* a soft hyphen parts no word */
    {0x00B7, GW_CHAR_MARK, GW_MARK_BULLET},
    {0x00BB, GW_CHAR_MARK, GW_MARK_QUOTE_CLOSE},
    {0x02BC, GW_CHAR_MARK, GW_MARK_APOSTROPHE},
    {0x200B, GW_CHAR_SPACE, 0},
    {0x2010, GW_CHAR_MARK, GW_MARK_HYPHEN},
    {0x2011, GW_CHAR_MARK, GW_MARK_HYPHEN},
    {0x2012, GW_CHAR_MARK, GW_MARK_DASH},
    {0x2013, GW_CHAR_MARK, GW_MARK_DASH},
    {0x2014, GW_CHAR_MARK, GW_MARK_DASH},
    {0x2015, GW_CHAR_MARK, GW_MARK_DASH},
    {0x2018, GW_CHAR_MARK, GW_MARK_QUOTE_OPEN},
    {0x2019, GW_CHAR_MARK, GW_MARK_APOSTROPHE},
    {0x201B, GW_CHAR_MARK, GW_MARK_APOSTROPHE},
    {0x201C, GW_CHAR_MARK, GW_MARK_QUOTE_OPEN},
    {0x201D, GW_CHAR_MARK, GW_MARK_QUOTE_CLOSE},
    {0x201E, GW_CHAR_MARK, GW_MARK_QUOTE_OPEN},
    {0x2022, GW_CHAR_MARK, GW_MARK_BULLET},
    {0x2023, GW_CHAR_MARK, GW_MARK_BULLET},
    {0x2026, GW_CHAR_MARK, GW_MARK_ELLIPSIS},
    {0x2028, GW_CHAR_NEWLINE, 0},
    {0x2029, GW_CHAR_NEWLINE, 0},
    {0x2032, GW_CHAR_MARK, GW_MARK_APOSTROPHE},
    {0x2212, GW_CHAR_MARK, GW_MARK_DASH},
    {0x25AA, GW_CHAR_MARK, GW_MARK_BULLET},
    {0x25CF, GW_CHAR_MARK, GW_MARK_BULLET},
    {0xFEFF, GW_CHAR_SPACE, 0},
};
#define SPECIAL_COUNT (sizeof specials / sizeof *specials)

static const struct special *find_special(uint32_t codepoint) {
    size_t low = 0, high = SPECIAL_COUNT;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (specials[middle].codepoint < codepoint) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < SPECIAL_COUNT && specials[low].codepoint == codepoint ? &specials[low] : NULL;
}

static const uint8_t category_class[] = {
    [UTF8PROC_CATEGORY_CN] = GW_CHAR_MARK,  [UTF8PROC_CATEGORY_LU] = GW_CHAR_UPPER,
    [UTF8PROC_CATEGORY_LL] = GW_CHAR_LOWER, [UTF8PROC_CATEGORY_LT] = GW_CHAR_UPPER,
    [UTF8PROC_CATEGORY_LM] = GW_CHAR_LOWER, [UTF8PROC_CATEGORY_LO] = GW_CHAR_LOWER,
    [UTF8PROC_CATEGORY_MN] = GW_CHAR_LOWER, [UTF8PROC_CATEGORY_MC] = GW_CHAR_LOWER,
    [UTF8PROC_CATEGORY_ME] = GW_CHAR_LOWER, [UTF8PROC_CATEGORY_ND] = GW_CHAR_DIGIT,
    [UTF8PROC_CATEGORY_NL] = GW_CHAR_MARK,  [UTF8PROC_CATEGORY_NO] = GW_CHAR_MARK,
    [UTF8PROC_CATEGORY_PC] = GW_CHAR_MARK,  [UTF8PROC_CATEGORY_PD] = GW_CHAR_MARK,
    [UTF8PROC_CATEGORY_PS] = GW_CHAR_MARK,  [UTF8PROC_CATEGORY_PE] = GW_CHAR_MARK,
    [UTF8PROC_CATEGORY_PI] = GW_CHAR_MARK,  [UTF8PROC_CATEGORY_PF] = GW_CHAR_MARK,
    [UTF8PROC_CATEGORY_PO] = GW_CHAR_MARK,  [UTF8PROC_CATEGORY_SM] = GW_CHAR_MARK,
    [UTF8PROC_CATEGORY_SC] = GW_CHAR_MARK,  [UTF8PROC_CATEGORY_SK] = GW_CHAR_MARK,
    [UTF8PROC_CATEGORY_SO] = GW_CHAR_MARK,  [UTF8PROC_CATEGORY_ZS] = GW_CHAR_SPACE,
    [UTF8PROC_CATEGORY_ZL] = GW_CHAR_SPACE, [UTF8PROC_CATEGORY_ZP] = GW_CHAR_SPACE,
    [UTF8PROC_CATEGORY_CC] = GW_CHAR_SPACE, [UTF8PROC_CATEGORY_CF] = GW_CHAR_LOWER,
    [UTF8PROC_CATEGORY_CS] = GW_CHAR_SPACE, [UTF8PROC_CATEGORY_CO] = GW_CHAR_MARK,
};

static uint8_t category_mark(utf8proc_category_t category) {
    switch (category) {
    case UTF8PROC_CATEGORY_SC:
        return GW_MARK_CURRENCY;
    case UTF8PROC_CATEGORY_PD:
        return GW_MARK_DASH;
    case UTF8PROC_CATEGORY_PS:
        return GW_MARK_OPEN;
    case UTF8PROC_CATEGORY_PE:
        return GW_MARK_CLOSE;
    default:
        return GW_MARK_OTHER;
    }
}

/* UTF-8 that was once read as Latin-1 or Windows-1252 and written as UTF-8 again, as a good part of the news
 * on the web was: "â€™" for "’". What follows the "â". */
static const struct twice_encoded {
    const char *bytes;
    uint32_t codepoint;
} twice_encoded[] = {
    {"\xC2\x80\xC2\x93", 0x2013},         {"\xC2\x80\xC2\x94", 0x2014},
    {"\xC2\x80\xC2\x95", 0x2015},         {"\xC2\x80\xC2\x98", 0x2018},
    {"\xC2\x80\xC2\x99", 0x2019},         {"\xC2\x80\xC2\x9C", 0x201C},
    {"\xC2\x80\xC2\x9D", 0x201D},         {"\xC2\x80\xC2\xA2", 0x2022},
    {"\xC2\x80\xC2\xA6", 0x2026},         {"\xE2\x82\xAC\xE2\x80\x9C", 0x2013},
    {"\xE2\x82\xAC\xE2\x80\x9D", 0x2014}, {"\xE2\x82\xAC\xCB\x9C", 0x2018},
    {"\xE2\x82\xAC\xE2\x84\xA2", 0x2019}, {"\xE2\x82\xAC\xC5\x93", 0x201C},
    {"\xE2\x82\xAC\xC2\x9D", 0x201D},     {"\xE2\x82\xAC\xC2\xA2", 0x2022},
    {"\xE2\x82\xAC\xC2\xA6", 0x2026},
};

#define TWICE_ENCODED_FIRST 0xE2

/* The mark that begins with an "â" at `at`, `c`; or `c` itself. */
static struct gw_char undo_encoding(struct gw_str s, size_t at, struct gw_char c) {
    const char *rest = s.data + at + c.size;
    size_t left = s.size - at - c.size;
    for (size_t i = 0; i < sizeof twice_encoded / sizeof *twice_encoded; i++) {
        size_t size = strlen(twice_encoded[i].bytes);
        if (left >= size && memcmp(rest, twice_encoded[i].bytes, size) == 0) {
            c.codepoint = twice_encoded[i].codepoint;
            c.size = (uint8_t)(c.size + size);
            break;
        }
    }
    return c;
}

struct gw_char gw_char_high(struct gw_str s, size_t at) {
    utf8proc_int32_t codepoint;
    utf8proc_ssize_t size =
        utf8proc_iterate((const utf8proc_uint8_t *)s.data + at, (utf8proc_ssize_t)(s.size - at), &codepoint);
    if (size < 1) {
        return (struct gw_char){GW_CHAR_SPACE, GW_MARK_NONE, 1, 0};
    }
    struct gw_char result = {GW_CHAR_SPACE, GW_MARK_NONE, (uint8_t)size, (uint32_t)codepoint};
    if (result.codepoint == TWICE_ENCODED_FIRST) {
        result = undo_encoding(s, at, result);
    }
    const struct special *special = find_special(result.codepoint);
    if (special) {
        result.class = special->class;
        result.mark = special->mark;
        return result;
    }
    utf8proc_category_t category = utf8proc_category(codepoint);
    result.class = category_class[category];
    result.mark = result.class == GW_CHAR_MARK ? category_mark(category) : GW_MARK_NONE;
    return result;
}
