/* Longest match by hashing word after word; the table also holds the beginnings of names, so that a search
 * ends early. */
#include "process/entities/links/gazetteer.h"

#include "process/text/chars.h"

/* A mark that names are written with, or a stray full stop; it is not hashed. */
static bool is_passed_over(const struct gw_text *text, uint32_t i) {
    const struct gw_token *token = &text->tokens[i];
    if (token->kind == GW_TOKEN_POSSESSIVE) {
        return true;
    }
    bool joins =
        token->mark == GW_MARK_HYPHEN || token->mark == GW_MARK_PERIOD || token->mark == GW_MARK_APOSTROPHE;
    return token->mark == GW_MARK_AMPERSAND || (joins && gw_token_touches(text, i));
}

static bool is_word(const struct gw_token *token) {
    return token->kind == GW_TOKEN_WORD || token->kind == GW_TOKEN_NUMBER;
}

/* The case that the name wants: capitals where it is an acronym, else a capital on its first and last word.
 */
static bool case_fits(const struct gw_text *text, const struct gw_name *name, uint32_t first, uint32_t last) {
    uint16_t wanted = name->flags & GW_NAME(CAPITALS) ? GW_SHAPE_CAPITALS | GW_SHAPE_SINGLE
                                                      : GW_SHAPE_CAPITAL | GW_SHAPE_INNER;
    const struct gw_token *end = &text->tokens[last];
    return (text->tokens[first].shape & wanted) && (end->kind == GW_TOKEN_NUMBER || (end->shape & wanted));
}

struct gw_gazetteer_match gw_gazetteer_match(const struct gw_model *model, const struct gw_text *text,
                                             uint32_t first, uint32_t end) {
    struct gw_gazetteer_match best = {first, NULL};
    unsigned most = gw_model_word(model, text->tokens[first].word)->name_words;
    uint64_t hash = 0;
    unsigned words = 0;
    for (uint32_t i = first; i < end && words < most; i++) {
        if (!is_word(&text->tokens[i])) {
            if (!is_passed_over(text, i)) {
                break;
            }
            continue;
        }
        words++;
        hash = gw_name_hash_add(hash, text->tokens[i].hash);
        uint32_t found = gw_slot_find(model->name_slots, model->name_slots_count, hash);
        if (found == GW_SLOT_EMPTY) {
            break;
        }
        if (found < GW_SLOT_PREFIX && case_fits(text, &model->names[found], first, i)) {
            best = (struct gw_gazetteer_match){i, &model->names[found]};
        }
    }
    return best;
}
