/* Who says what: verbs of speech and the names that belong to them. */
#ifndef GW_PROCESS_DOCUMENT_SPEAKERS_H
#define GW_PROCESS_DOCUMENT_SPEAKERS_H

#include "process/entities/names/names.h"

struct gw_speaker_finder {
    const struct gw_text *text;
    const struct gw_model *model;
    const struct gw_name_spans *spans;
    const struct gw_entities *entities;
    uint32_t span; /* the first one that ends at or behind the last place asked for: places only rise */
};

/* Who said something, and by which words. */
struct gw_saying {
    uint32_t cue_first, cue_last; /* tokens; GW_NO_INDEX: there is no cue */
    uint32_t speaker;             /* an entity's index, or GW_NO_INDEX */
    uint32_t first, last;         /* tokens of cue and speaker together */
    bool pronoun;                 /* "he" or "she" said it */
};

/* "said Name", "Name said", "Name, the mayor, said", "she said", "according to Name" from token `at` on, not
 * far behind it and in its paragraph. */
struct gw_saying gw_saying_behind(struct gw_speaker_finder *finder, uint32_t at);

/* "Name said", "Name said that …", "what Name called …" before token `at` in its sentence. `least` is the
 * first token that may belong to it. */
struct gw_saying gw_saying_before(struct gw_speaker_finder *finder, uint32_t at, uint32_t least);

/* The first "Name wrote" from token `at` up to `end`; where it stands is `first`. Without a name there is
 * none. */
struct gw_saying gw_saying_inside(struct gw_speaker_finder *finder, uint32_t at, uint32_t end);

#define GW_SEVERAL_PERSONS (GW_NO_INDEX - 1)

/* The one person whom the names from token `first` to `end` tell of; GW_NO_INDEX for none,
 * GW_SEVERAL_PERSONS. */
uint32_t gw_only_person(struct gw_speaker_finder *finder, uint32_t first, uint32_t end);

#endif
