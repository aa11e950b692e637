/* A record as coloured text for the terminal. */
#ifndef GW_CLI_SHOW_TEXT_H
#define GW_CLI_SHOW_TEXT_H

#include "cli/terminal.h"
#include "schemas/record.h"

/* Appends the article with its marks, sentence by sentence with scores, and tables of what was found. Nothing
 * of the article can act on the terminal. Scratch memory is the arena's. Fails with GW_NO_MEMORY, or with the
 * status of a failed `out`. */
enum gw_status gw_show_text(const struct gw_record *record, const struct gw_terminal *terminal,
                            struct gw_arena *arena, struct gw_buffer *out);

/* What the marks mean: once, behind the last record. */
void gw_show_text_legend(const struct gw_terminal *terminal, struct gw_buffer *out);

/* A score from -1 to 1 as a bar of GW_SCORE_BAR_COLUMNS. */
#define GW_SCORE_BAR_COLUMNS 7
void gw_show_text_bar(gw_e4 score, bool color, struct gw_buffer *out);

#endif
