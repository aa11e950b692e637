/* The tagger sees three capitals in brackets, which mostly are an organisation's. */
#include "process/entities/tagger/country_codes.h"

#include "process/entities/links/gazetteer.h"
#include "process/text/chars.h"

#define CODE_LETTERS 3U

static bool is_bracketed_code(const struct gw_text *text, const struct gw_name_span *span) {
    const struct gw_token *token = &text->tokens[span->first];
    return span->first == span->last && span->first > 0 && span->last + 1 < text->token_count &&
           (token->shape & GW_SHAPE_CAPITALS) && token->end - token->start == CODE_LETTERS &&
           token[-1].mark == GW_MARK_OPEN && token[1].mark == GW_MARK_CLOSE;
}

void gw_country_codes_set(const struct gw_text *text, const struct gw_model *model,
                          struct gw_name_spans *spans) {
    for (uint32_t i = 1; i < spans->count; i++) {
        struct gw_name_span *span = &spans->items[i];
        const struct gw_name_span *before = &spans->items[i - 1];
        if (before->type != GW_PERSON || before->last + 2 != span->first || !is_bracketed_code(text, span)) {
            continue;
        }
        struct gw_gazetteer_match match = gw_gazetteer_match(model, text, span->first, span->last + 1);
        if (match.name && match.name->type == GW_LOC) {
            span->type = GW_LOC;
            span->known = match.name;
        }
    }
}
