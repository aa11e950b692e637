/* Marks are judged by what they touch: an opening one touches the word behind it, a closing one what is
 * before. */
#include "process/document/quote_marks.h"

#include "process/text/chars.h"
#include "process/text/token_classes.h"

/* Longer than this, a mark has lost its partner. */
#define TOKENS_MOST 600U

#define LEFT_SINGLE_QUOTE 0x2018

/* Tokens at which a quotation may have its end. */
#define STOPS ((unsigned)GW_CLASS_QUOTE | GW_CLASS_PARAGRAPH)

enum pair { PAIR_NONE, PAIR_STRAIGHT, PAIR_CURLY, PAIR_SINGLE_CURLY, PAIR_SINGLE_STRAIGHT };

static bool touches_next(const struct gw_text *text, uint32_t i) {
    return i + 1 < text->token_count && gw_token_touches(text, i + 1);
}

static bool is_curly_single(const struct gw_text *text, uint32_t i) {
    return gw_char_at(gw_text_cut(text, i, i), 0).codepoint == LEFT_SINGLE_QUOTE;
}

static enum pair pair_opened(const struct gw_text *text, uint32_t i) {
    switch (text->tokens[i].mark) {
    case GW_MARK_QUOTE_OPEN:
        return is_curly_single(text, i) ? PAIR_SINGLE_CURLY : PAIR_CURLY;
    case GW_MARK_QUOTE:
        return touches_next(text, i) ? PAIR_STRAIGHT : PAIR_NONE;
    case GW_MARK_APOSTROPHE:
        return touches_next(text, i) && !gw_token_touches(text, i) ? PAIR_SINGLE_STRAIGHT : PAIR_NONE;
    default:
        return PAIR_NONE;
    }
}

/* "…,' she said": an apostrophe behind punctuation; "the workers' right" is none. */
static bool closes_straight_single(const struct gw_text *text, uint32_t open, uint32_t i) {
    enum gw_mark before = (enum gw_mark)text->tokens[i - 1].mark;
    return i > open + 1 && text->tokens[i].mark == GW_MARK_APOSTROPHE && gw_token_touches(text, i) &&
           (before == GW_MARK_COMMA || before == GW_MARK_PERIOD || before == GW_MARK_QUESTION ||
            before == GW_MARK_EXCLAMATION || before == GW_MARK_ELLIPSIS) &&
           !touches_next(text, i);
}

static bool closes(const struct gw_text *text, enum pair pair, uint32_t open, uint32_t i) {
    uint8_t mark = text->tokens[i].mark;
    switch (pair) {
    case PAIR_STRAIGHT:
        return mark == GW_MARK_QUOTE;
    case PAIR_CURLY:
        return mark == GW_MARK_QUOTE_CLOSE || mark == GW_MARK_QUOTE;
    case PAIR_SINGLE_CURLY:
        return mark == GW_MARK_APOSTROPHE;
    case PAIR_SINGLE_STRAIGHT:
        return closes_straight_single(text, open, i);
    default:
        return false;
    }
}

static bool ends_paragraph(const struct gw_text *text, uint32_t i) {
    return (text->tokens[i].shape & GW_SHAPE_PARAGRAPH) != 0;
}

bool gw_quote_opens(const struct gw_text *text, uint32_t open) {
    return pair_opened(text, open) != PAIR_NONE;
}

uint32_t gw_quote_close(const struct gw_text *text, uint32_t open, uint32_t *paragraph, uint32_t *next) {
    enum pair pair = pair_opened(text, open);
    uint32_t end = text->token_count - open < TOKENS_MOST ? text->token_count : open + TOKENS_MOST;
    uint32_t title_end = open < text->title_count ? text->title_count : text->token_count;
    end = end < title_end ? end : title_end;
    uint32_t i = gw_token_next(text, open + 1, end, STOPS);
    *paragraph = GW_QUOTE_LOST;
    for (; i < end; i = gw_token_next(text, i + 1, end, STOPS)) {
        bool again = pair == pair_opened(text, i) && (pair != PAIR_STRAIGHT || ends_paragraph(text, i));
        if (again && ends_paragraph(text, i)) {
            *paragraph = *paragraph == GW_QUOTE_LOST ? i : *paragraph;
            continue; /* each paragraph of a long quotation begins with the mark */
        }
        if (again || ends_paragraph(text, i)) {
            break;
        }
        if (closes(text, pair, open, i)) {
            *paragraph = *paragraph == GW_QUOTE_LOST ? i : *paragraph;
            *next = i + 1;
            return i;
        }
    }
    *next = i;
    return GW_QUOTE_LOST;
}
