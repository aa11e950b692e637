/* Who did what to whom, as a sentence tells it: "Ana accused Paul" says something of Paul, and nothing of
 * Ana. */
#ifndef GW_PROCESS_SENTIMENT_VERB_ROLES_H
#define GW_PROCESS_SENTIMENT_VERB_ROLES_H

#include "process/sentiment/target_units.h"
#include "process/sentiment/verb_frames.h"

/* What a verb, or a noun made of one, says; `about` is the unit of the name that it acts on ("Paul"), or of
 * the one who does it where the verb has no object ("lied"); GW_NO_INDEX: it names nobody. */
struct gw_act {
    uint32_t unit;
    uint32_t about;
    uint8_t frame; /* enum gw_frame */
    bool negated;  /* "did not accuse" */
};

/* Verbs of a sentence beyond these are not read. */
#define GW_ACTS_MOST 16U
struct gw_acts {
    struct gw_act items[GW_ACTS_MOST];
    uint32_t count;
};

/* Sets the `role` of each name among the units of one sentence, GW_ROLE_NONE for those that no verb tells of,
 * and lists the verbs. Where two verbs tell of one name, the main clause's counts. Linear in the units. */
void gw_verb_roles_find(struct gw_units *units, struct gw_acts *acts);

/* The kind of marker that a frame's word is, or GW_MARKER_KIND_COUNT where it has none of its own. */
enum gw_marker_kind gw_frame_marker(enum gw_frame frame);

#endif
