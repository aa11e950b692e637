/* Who does what to whom: the classes of words that sentences are read by, and what each verb says of its
 * subject and of its object. training/build_model.py reads these tables and gives the words of
 * training/lists/roles.txt their class, in the upper bits of struct gw_word's flags. */
#ifndef GW_PROCESS_SENTIMENT_VERB_FRAMES_H
#define GW_PROCESS_SENTIMENT_VERB_FRAMES_H

#include "schemas/annotation.h"

/* What someone is in a sentence, and what is said of them with that. Rows keep their place: the number of a
 * role is the number of its row in the model of targets. name, sign */
#define GW_VERB_ROLE_TABLE(X)                                                                                \
    X(NONE, GW_NEUTRAL)                                                                                      \
    X(ACCUSER, GW_NEUTRAL)                                                                                   \
    X(ACCUSED, GW_NEGATIVE)                                                                                  \
    X(CRITIC, GW_NEUTRAL)                                                                                    \
    X(CRITICISED, GW_NEGATIVE)                                                                               \
    X(DENIER, GW_NEUTRAL)                                                                                    \
    X(PRAISER, GW_NEUTRAL)                                                                                   \
    X(PRAISED, GW_POSITIVE)                                                                                  \
    X(SUPPORTER, GW_NEUTRAL)                                                                                 \
    X(SUPPORTED, GW_POSITIVE)                                                                                \
    X(HELPER, GW_POSITIVE)                                                                                   \
    X(HELPED, GW_NEUTRAL)                                                                                    \
    X(ATTACKER, GW_NEGATIVE)                                                                                 \
    X(VICTIM, GW_NEUTRAL)                                                                                    \
    X(FIGHTER, GW_NEUTRAL)                                                                                   \
    X(OPPOSED, GW_NEGATIVE)                                                                                  \
    X(AUTHORITY, GW_NEUTRAL)                                                                                 \
    X(PUNISHED, GW_NEGATIVE)                                                                                 \
    X(CLEARED, GW_NEUTRAL)                                                                                   \
    X(WINNER, GW_POSITIVE)                                                                                   \
    X(LOSER, GW_NEGATIVE)                                                                                    \
    X(WRONGDOER, GW_NEGATIVE)                                                                                \
    X(SPEAKER, GW_NEUTRAL)                                                                                   \
    X(SPARED, GW_NEUTRAL) /* it was not done to them, or by them */                                          \
    X(ASIDE, GW_NEUTRAL)  /* their brother did it, or their spokesman */

enum gw_verb_role {
#define GW_VERB_ROLE_ENUM(name, sign) GW_ROLE_##name,
    GW_VERB_ROLE_TABLE(GW_VERB_ROLE_ENUM)
#undef GW_VERB_ROLE_ENUM
        GW_ROLE_COUNT
};

/* How near to a verb a role is told; where several are, the highest counts. */
enum gw_role_rank {
    GW_RANK_NONE,
    GW_RANK_SPEAKER,
    GW_RANK_NOUN,
    GW_RANK_NOUN_SIGNED, /* a role that is good or bad, or takes that back */
    GW_RANK_VERB,
    GW_RANK_VERB_SIGNED
};

/* Words that tell how a sentence hangs together; those with a list in roles.txt or words.txt, and what the
 * text itself shows. name, list */
#define GW_GLUE_TABLE(X)                                                                                     \
    X(PLAIN, )                                                                                               \
    X(NAME, )                                                                                                \
    X(POSSESSIVE, )                                                                                          \
    X(COMMA, )                                                                                               \
    X(STOP, ) /* a mark that parts clauses more than a comma does */                                         \
    X(QUOTE, )                                                                                               \
    X(HYPHEN, )                                                                                              \
    X(NEGATOR, negator)                                                                                      \
    X(CONTRAST, contrast)                                                                                    \
    X(BE, be)                                                                                                \
    X(HAVE, have)                                                                                            \
    X(MODAL, modal)                                                                                          \
    X(TO, to)                                                                                                \
    X(BY, by)                                                                                                \
    X(OF, of)                                                                                                \
    X(FOR, for)                                                                                              \
    X(AGAINST, against)                                                                                      \
    X(WITH, with)                                                                                            \
    X(ON, on)                                                                                                \
    X(AT, at)                                                                                                \
    X(OVER, over)                                                                                            \
    X(FROM, from)                                                                                            \
    X(IN, in) /* the other prepositions */                                                                   \
    X(THAT, that)                                                                                            \
    X(WHO, who)                                                                                              \
    X(AND, and)                                                                                              \
    X(PRONOUN, pronoun)                                                                                      \
    X(DETERMINER, determiner)                                                                                \
    X(ADVERB, adverb)                                                                                        \
    X(RECEIVE, receive)     /* "faces accusations": they are about its subject */                            \
    X(DECLINE, decline)     /* "declined to condemn" */                                                      \
    X(REVERSE, reverse)     /* "withdrew its support" */                                                     \
    X(PERSON, person)       /* "Ana's brother was accused": she was not */                                   \
    X(CLAIM, claim)         /* what is denied when it is rejected */                                         \
    X(SPEECH, speech)       /* from here on, words that a reading of the sentence stops at */                \
    X(ACCORDING, according) /* "to" whom */

enum gw_glue {
#define GW_GLUE_ENUM(name, list) GW_GLUE_##name,
    GW_GLUE_TABLE(GW_GLUE_ENUM)
#undef GW_GLUE_ENUM
        GW_GLUE_COUNT
};

/* A set of them. */
#define GW_GLUE(name) (UINT64_C(1) << GW_GLUE_##name)

/* Verbs, and nouns made of them: name, list, what they make of their subject and of their object, the kind
 * of their marker (GW_MARKER_KIND_COUNT: as it is), and what stands before the object where one does: of the
 * verb, of the noun. */
#define GW_FRAME_TABLE(X)                                                                                    \
    X(ACCUSE, accuse, ACCUSER, ACCUSED, GW_MARKER_ACCUSATION, 0, GW_GLUE(AGAINST) | GW_GLUE(ON))             \
    X(CRITICISE, criticise, CRITIC, CRITICISED, GW_MARKER_ACCUSATION, 0,                                     \
      GW_GLUE(OF) | GW_GLUE(AT) | GW_GLUE(AGAINST) | GW_GLUE(FOR) | GW_GLUE(WITH))                           \
    X(RESENT, resent, CRITIC, CRITICISED, GW_MARKER_KIND_COUNT, 0,                                           \
      GW_GLUE(OF) | GW_GLUE(AT) | GW_GLUE(AGAINST) | GW_GLUE(FOR) | GW_GLUE(WITH))                           \
    X(SCOLD, scold, CRITIC, CRITICISED, GW_MARKER_ACCUSATION, GW_GLUE(AT) | GW_GLUE(AGAINST),                \
      GW_GLUE(AGAINST))                                                                                      \
    X(ALLEGE, allege, ACCUSER, ACCUSED, GW_MARKER_ACCUSATION, GW_GLUE(THAT), 0)                              \
    X(DENY, deny, DENIER, NONE, GW_MARKER_DENIAL, 0, 0)                                                      \
    X(REJECT, reject, DENIER, NONE, GW_MARKER_DENIAL, 0, 0)                                                  \
    X(PRAISE, praise, PRAISER, PRAISED, GW_MARKER_PRAISE, 0, GW_GLUE(FOR) | GW_GLUE(TO) | GW_GLUE(OF))       \
    X(SUPPORT, support, SUPPORTER, SUPPORTED, GW_MARKER_KIND_COUNT, 0, GW_GLUE(FOR) | GW_GLUE(WITH))         \
    X(HELP, help, HELPER, HELPED, GW_MARKER_KIND_COUNT, 0, GW_GLUE(OF) | GW_GLUE(TO))                        \
    X(ATTACK, attack, ATTACKER, VICTIM, GW_MARKER_CONFLICT, 0, GW_GLUE(ON) | GW_GLUE(AGAINST) | GW_GLUE(OF)) \
    X(HARM, harm, ATTACKER, VICTIM, GW_MARKER_KIND_COUNT, 0, GW_GLUE(OF))                                    \
    X(FIGHT, fight, FIGHTER, FIGHTER, GW_MARKER_CONFLICT, GW_GLUE(AGAINST) | GW_GLUE(WITH),                  \
      GW_GLUE(AGAINST) | GW_GLUE(WITH))                                                                      \
    X(OPPOSE, oppose, FIGHTER, OPPOSED, GW_MARKER_CONFLICT, GW_GLUE(AGAINST), GW_GLUE(AGAINST))              \
    X(PUNISH, punish, AUTHORITY, PUNISHED, GW_MARKER_KIND_COUNT, 0,                                          \
      GW_GLUE(OF) | GW_GLUE(AGAINST) | GW_GLUE(ON))                                                          \
    X(CLEAR, clear, AUTHORITY, CLEARED, GW_MARKER_DENIAL, 0, GW_GLUE(OF))                                    \
    X(BEAT, beat, WINNER, LOSER, GW_MARKER_KIND_COUNT, 0, GW_GLUE(OVER) | GW_GLUE(OF) | GW_GLUE(AGAINST))    \
    X(WIN, win, WINNER, LOSER, GW_MARKER_KIND_COUNT, GW_GLUE(OVER) | GW_GLUE(AGAINST), 0)                    \
    X(LOSE, lose, LOSER, WINNER, GW_MARKER_KIND_COUNT, GW_GLUE(TO), 0)                                       \
    X(WRONG, wrong, WRONGDOER, VICTIM, GW_MARKER_KIND_COUNT, 0, 0)                                           \
    X(CONFESS, confess, WRONGDOER, NONE, GW_MARKER_KIND_COUNT, 0, 0)                                         \
    X(JUDGE, judge, SPEAKER, NONE, GW_MARKER_KIND_COUNT, 0, 0) /* "called Ana a liar": by what follows */

enum gw_frame {
#define GW_FRAME_ENUM(name, list, subject, object, kind, verb_before, noun_before) GW_FRAME_##name,
    GW_FRAME_TABLE(GW_FRAME_ENUM)
#undef GW_FRAME_ENUM
        GW_FRAME_COUNT
};

/* Of a word with a frame. */
#define GW_VERB_FORM_TABLE(X)                                                                                \
    X(FINITE, finite)         /* "accuse", "accuses" */                                                      \
    X(PAST, past)             /* "accused": also a participle */                                             \
    X(PARTICIPLE, participle) /* "stolen" */                                                                 \
    X(ING, ing)                                                                                              \
    X(NOUN, noun)                                                                                            \
    X(EITHER, either) /* "attacks": a verb or a noun */

enum gw_verb_form {
#define GW_VERB_FORM_ENUM(name, list) GW_VERB_##name,
    GW_VERB_FORM_TABLE(GW_VERB_FORM_ENUM)
#undef GW_VERB_FORM_ENUM
        GW_VERB_FORM_COUNT
};

/* A word's class in one byte: what it is as glue, or from GW_CLASS_VERBS on its frame and form. */
#define GW_CLASS_VERBS 64U
#define GW_CLASS_SHIFT 56
static inline uint8_t gw_class_of_flags(uint64_t flags) {
    return (uint8_t)(flags >> GW_CLASS_SHIFT);
}
static inline enum gw_frame gw_class_frame(uint8_t class) {
    return (enum gw_frame)((class - GW_CLASS_VERBS) >> 3);
}
static inline enum gw_verb_form gw_class_form(uint8_t class) {
    return (enum gw_verb_form)((class - GW_CLASS_VERBS) & 7);
}

#endif
