/* Blocks are found by walking the field once before it is shown. */
#include "cli/field_view.h"

#include "cli/terminal.h"

enum content { CONTENT_NONE, CONTENT_MARKS, CONTENT_WORDS };

/* What there is to see up to `end`. */
static enum content content_of(struct gw_readable *readable, uint32_t end) {
    struct gw_readable_char c;
    enum content content = CONTENT_NONE;
    while (gw_readable_next(readable, end, &c)) {
        bool word = c.codepoint >= 0x80 ? c.codepoint < 0x2000 || c.codepoint > 0x206f
                                        : (c.codepoint | 0x20) - 'a' < 26 || c.codepoint - '0' < 10;
        bool blank = gw_terminal_shown(c.codepoint) == ' ';
        enum content seen = blank ? CONTENT_NONE : word ? CONTENT_WORDS : CONTENT_MARKS;
        content = seen > content ? seen : content;
    }
    return content;
}

/* Whether the text from `start` to `end`, which lies between two blocks, parts paragraphs: an empty line or
 * tags. */
static bool parts_paragraphs(struct gw_str text, uint32_t start, uint32_t end) {
    unsigned lines = 0;
    for (uint32_t at = start; at < end; at++) {
        lines += text.data[at] == '\n' || text.data[at] == '<';
    }
    return lines > 1;
}

struct blocks {
    struct gw_field_view *view;
    struct gw_readable ahead;
    uint32_t at; /* where the last block ends */
};

static void add_block(struct blocks *blocks, uint32_t end, const struct gw_sentence *sentence,
                      bool paragraph) {
    blocks->view->blocks[blocks->view->block_count++] = (struct gw_block){end, sentence, paragraph};
    blocks->at = end;
}

/* What is before a sentence and has no words, such as a quotation mark, is shown with it. */
static void add_sentence(struct blocks *blocks, const struct gw_sentence *sentence) {
    uint32_t start = sentence->span.start;
    bool paragraph = parts_paragraphs(blocks->ahead.text, blocks->at, start);
    if (content_of(&blocks->ahead, start) == CONTENT_WORDS) {
        add_block(blocks, start, NULL, true);
    }
    if (content_of(&blocks->ahead, sentence->span.end) != CONTENT_NONE) {
        add_block(blocks, sentence->span.end, sentence, paragraph);
    }
}

static enum gw_status find_blocks(struct gw_field_view *view, const struct gw_annotation *annotation,
                                  enum gw_text_field field, struct gw_arena *arena) {
    view->blocks = gw_arena_take_zeroed(arena, 2 * annotation->sentence_count + 1, sizeof *view->blocks);
    if (!view->blocks) {
        return GW_NO_MEMORY;
    }
    struct blocks blocks = {.view = view, .ahead = view->readable};
    for (size_t i = 0; i < annotation->sentence_count; i++) {
        if (annotation->sentences[i].span.field == field) {
            add_sentence(&blocks, &annotation->sentences[i]);
        }
    }
    uint32_t end = (uint32_t)blocks.ahead.text.size;
    if (content_of(&blocks.ahead, end) != CONTENT_NONE) {
        add_block(&blocks, end, NULL, true);
    }
    return GW_OK;
}

enum gw_status gw_field_view_build(struct gw_field_view *view, const struct gw_record *record,
                                   enum gw_text_field field, struct gw_arena *arena) {
    *view = (struct gw_field_view){0};
    enum gw_status status = gw_readable_start(&view->readable, record->article, field, arena);
    if (status == GW_OK) {
        status = gw_highlights_collect(record->annotation, field, arena, &view->highlights,
                                       &view->highlight_count);
    }
    return status == GW_OK ? find_blocks(view, record->annotation, field, arena) : status;
}

const struct gw_highlight *gw_field_view_close(struct gw_field_view *view) {
    if (!view->inside) {
        return NULL;
    }
    view->inside = false;
    return &view->highlights[view->next++];
}

bool gw_field_view_next(struct gw_field_view *view, const struct gw_block *block, struct gw_view_step *step) {
    struct gw_readable_char c;
    *step = (struct gw_view_step){0};
    if (!gw_readable_next(&view->readable, block->end, &c)) {
        return false;
    }
    step->codepoint = c.codepoint;
    if (view->inside && view->highlights[view->next].end <= c.start) {
        step->closes = gw_field_view_close(view);
    }
    /* Those that end before this character were in text that is not shown. */
    while (!view->inside && view->next < view->highlight_count &&
           view->highlights[view->next].end <= c.start) {
        view->next++;
    }
    if (!view->inside && view->next < view->highlight_count &&
        view->highlights[view->next].start <= c.start) {
        step->opens = &view->highlights[view->next];
        view->inside = true;
    }
    return true;
}
