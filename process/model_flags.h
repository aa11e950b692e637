/* What the model knows about a word or a name, one row per bit; training/build_model.py reads these rows, so
 * that the bits have one source. */
#ifndef GW_PROCESS_MODEL_FLAGS_H
#define GW_PROCESS_MODEL_FLAGS_H

#include <stdint.h>

/* Rows keep their place: the bit is the row's number. name, list in training/lists, what it means */
#define GW_WORD_FLAG_TABLE(X)                                                                                \
    X(COMMON, common, "is mostly written in small letters")                                                  \
    X(STOPWORD, stopword, "tells that a text is English")                                                    \
    X(CANNOT_END, cannot_end, "does not end a sentence")                                                     \
    X(STARTER, starter, "is capitalised only because a sentence starts")                                     \
    X(ABBREVIATION, abbreviation, "a full stop after it ends no sentence")                                   \
    X(NUMBER_FOLLOWS, number_follows, "the same when a number follows")                                      \
    X(MONTH, month, "a month")                                                                               \
    X(WEEKDAY, weekday, "a day of the week")                                                                 \
    X(NUMBER_WORD, number_word, "a number in letters")                                                       \
    X(MAGNITUDE, magnitude, "multiplies the number before it")                                               \
    X(CURRENCY, currency, "a currency")                                                                      \
    X(UNIT, unit, "a unit of measure")                                                                       \
    X(TIME_UNIT, time_unit, "a stretch of time")                                                             \
    X(RELATIVE_DAY, relative_day, "today and its neighbours")                                                \
    X(SPEECH, speech, "a verb that introduces speech")                                                       \
    X(PERSON_VERB, person_verb, "what people do")                                                            \
    X(PLACE_PREPOSITION, place_preposition, "stands before places")                                          \
    X(CONNECTOR, connector, "links the words of a name")                                                     \
    X(PERSON_PARTICLE, person_particle, "a small word inside a person's name")                               \
    X(TITLE, title, "a title or role before a person's name")                                                \
    X(TITLE_MODIFIER, title_modifier, "a word before a title")                                               \
    X(ORG_HEAD, org_head, "the main word of an organisation's name")                                         \
    X(ORG_SUFFIX, org_suffix, "a company's legal form")                                                      \
    X(ORG_ADJECTIVE, org_adjective, "an adjective in organisations' names")                                  \
    X(FAC_HEAD, fac_head, "the main word of a building's or road's name")                                    \
    X(LOC_HEAD, loc_head, "the main word of a place's name")                                                 \
    X(LOC_FIRST, loc_first, "the first word of a place's name")                                              \
    X(NAME_SUFFIX, acronym_person, "follows a person's name")                                                \
    X(NOT_NAME, not_name, "has capitals but is no name")                                                     \
    X(FIRST_NAME, first_name, "a person's first name")                                                       \
    X(SURNAME, surname, "a person's surname")                                                                \
    X(DEMONYM, demonym, "a people, or what is theirs")                                                       \
    X(NEGATOR, negator, "turns what follows round")                                                          \
    X(INTENSIFIER, intensifier, "makes what follows stronger")                                               \
    X(DIMINISHER, diminisher, "makes what follows weaker")                                                   \
    X(HEDGE, hedge, "makes what follows uncertain")                                                          \
    X(CONTRAST, contrast, "sets what follows against what was said")                                         \
    X(ACCUSATION, accusation, "accuses")                                                                     \
    X(DENIAL, denial, "denies")                                                                              \
    X(PRAISE, praise, "praises")                                                                             \
    X(CONFLICT, conflict, "tells of fighting")                                                               \
    X(TOWN, town, "a town")                                                                                  \
    X(TOWN_PART, town_part, "a word in the names of towns")                                                  \
    X(CITY, city, "a large city")                                                                            \
    X(PAIR, pair, "begins a pair of words with a weight")                                                    \
    X(PAIR_END, pair_end, "ends one")

enum gw_word_flag_bit {
#define GW_WORD_FLAG_BIT(name, list, text) GW_WORD_BIT_##name,
    GW_WORD_FLAG_TABLE(GW_WORD_FLAG_BIT)
#undef GW_WORD_FLAG_BIT
        GW_WORD_FLAG_COUNT
};

/* GW_WORD(TITLE) | GW_WORD(SURNAME) */
#define GW_WORD(name) (UINT64_C(1) << GW_WORD_BIT_##name)

/* Of a name in the gazetteer. */
#define GW_NAME_FLAG_TABLE(X)                                                                                \
    X(CAPITALS, capitals, "counts only when the text has it in capitals")                                    \
    X(WEAK, weak, "is also a common word or a person's name: needs support")                                 \
    X(LINKED, linked, "a country")

enum gw_name_flag_bit {
#define GW_NAME_FLAG_BIT(name, list, text) GW_NAME_BIT_##name,
    GW_NAME_FLAG_TABLE(GW_NAME_FLAG_BIT)
#undef GW_NAME_FLAG_BIT
        GW_NAME_FLAG_COUNT
};

#define GW_NAME(name) ((uint8_t)(1U << GW_NAME_BIT_##name))

/* Numbers that the model sets; each is in 10^-4 unless its text says otherwise. */
#define GW_SETTING_TABLE(X)                                                                                  \
    X(SENTENCE_BIAS, sentence_bias, "bias of a sentence's score")                                            \
    X(SENTENCE_NORM, sentence_norm, "norm of a sentence's score for one word; it grows with their root")     \
    X(DOCUMENT_BIAS, document_bias, "bias of the document's score")                                          \
    X(DOCUMENT_NORM, document_norm, "norm of the document's score for one word")                             \
    X(MORE_WORDS, more_words, "what a sentence's norm counts on top of its words")                           \
    X(EMPHASIS_TITLE, emphasis_title, "a title's weight in the document")                                    \
    X(EMPHASIS_LEAD, emphasis_lead, "the first sentence's weight")                                           \
    X(EMPHASIS_BODY, emphasis_body, "every other sentence's weight")                                         \
    X(THRESHOLD_POSITIVE, threshold_positive, "a score above is positive")                                   \
    X(THRESHOLD_NEGATIVE, threshold_negative, "a score below is negative")                                   \
    X(TARGET_SCALE, target_scale,                                                                            \
      "a sum of weights towards a target that makes it e times as likely; plain")                            \
    X(NEGATION, negation, "factor of what a negator turns round")                                            \
    X(INTENSITY, intensity, "share that an intensifier adds, a diminisher takes")                            \
    X(OPINION_LEAST, opinion_least, "words that weigh less are context")                                     \
    X(HEDGING, hedging, "factor of what is hedged")                                                          \
    X(BEFORE_CONTRAST, before_contrast, "factor of what stands before a contrast")                           \
    X(AFTER_CONTRAST, after_contrast, "factor of what follows it")                                           \
    X(NEGATIVE_BIAS, negative_bias, "how likely a score is negative against neutral, as a logit: at 0")      \
    X(NEGATIVE_SLOPE, negative_slope, "and for each unit of the score")                                      \
    X(POSITIVE_BIAS, positive_bias, "the same of positive")                                                  \
    X(POSITIVE_SLOPE, positive_slope, "and for each unit of the score")

enum gw_setting {
#define GW_SETTING_ENUM(name, key, text) GW_SETTING_##name,
    GW_SETTING_TABLE(GW_SETTING_ENUM)
#undef GW_SETTING_ENUM
        GW_SETTING_COUNT
};

#endif
