/* The nearest verb before the date decides, or the first behind it when none is before: "met on Tuesday",
 * "On Tuesday, they met". A "will" or "to meet" between makes the future or doubt. */
#include "process/entities/values/value_tense.h"

#include "process/entities/values/value_key.h"

/* Tokens on either side that are looked at. */
#define REACH 24U

/* A verb of speech this near to the date is what the date is about: "said on Tuesday that they will". */
#define SPEECH_REACH 3U

enum signal { SIGNAL_NONE, SIGNAL_PAST, SIGNAL_FUTURE, SIGNAL_DOUBT };

/* Sorted. */
static const struct verb {
    char word[GW_VALUE_KEY_BYTES];
    enum signal signal;
} verbs[] = {
    {"ahead", SIGNAL_DOUBT},     {"armed", SIGNAL_NONE},     {"arose", SIGNAL_PAST},
    {"ate", SIGNAL_PAST},        {"based", SIGNAL_NONE},     {"became", SIGNAL_PAST},
    {"began", SIGNAL_PAST},      {"blew", SIGNAL_PAST},      {"bore", SIGNAL_PAST},
    {"bought", SIGNAL_PAST},     {"broke", SIGNAL_PAST},     {"brought", SIGNAL_PAST},
    {"built", SIGNAL_PAST},      {"called", SIGNAL_NONE},    {"came", SIGNAL_PAST},
    {"can", SIGNAL_DOUBT},       {"caught", SIGNAL_PAST},    {"chose", SIGNAL_PAST},
    {"could", SIGNAL_DOUBT},     {"dealt", SIGNAL_PAST},     {"delayed", SIGNAL_DOUBT},
    {"did", SIGNAL_PAST},        {"drank", SIGNAL_PAST},     {"drew", SIGNAL_PAST},
    {"drove", SIGNAL_PAST},      {"due", SIGNAL_DOUBT},      {"each", SIGNAL_DOUBT},
    {"every", SIGNAL_DOUBT},     {"expected", SIGNAL_DOUBT}, {"fell", SIGNAL_PAST},
    {"felt", SIGNAL_PAST},       {"fled", SIGNAL_PAST},      {"flew", SIGNAL_PAST},
    {"forced", SIGNAL_PAST},     {"fought", SIGNAL_PAST},    {"found", SIGNAL_PAST},
    {"froze", SIGNAL_PAST},      {"gave", SIGNAL_PAST},      {"got", SIGNAL_PAST},
    {"grew", SIGNAL_PAST},       {"had", SIGNAL_PAST},       {"heard", SIGNAL_PAST},
    {"held", SIGNAL_PAST},       {"hid", SIGNAL_PAST},       {"hundred", SIGNAL_NONE},
    {"hung", SIGNAL_PAST},       {"if", SIGNAL_DOUBT},       {"indeed", SIGNAL_NONE},
    {"kept", SIGNAL_PAST},       {"knew", SIGNAL_PAST},      {"laid", SIGNAL_PAST},
    {"lay", SIGNAL_PAST},        {"led", SIGNAL_PAST},       {"left", SIGNAL_PAST},
    {"lost", SIGNAL_PAST},       {"made", SIGNAL_PAST},      {"may", SIGNAL_DOUBT},
    {"meant", SIGNAL_PAST},      {"met", SIGNAL_PAST},       {"might", SIGNAL_DOUBT},
    {"moved", SIGNAL_DOUBT},     {"must", SIGNAL_DOUBT},     {"need", SIGNAL_NONE},
    {"overcame", SIGNAL_PAST},   {"paid", SIGNAL_PAST},      {"planned", SIGNAL_DOUBT},
    {"postponed", SIGNAL_DOUBT}, {"ran", SIGNAL_PAST},       {"rang", SIGNAL_PAST},
    {"rode", SIGNAL_PAST},       {"rose", SIGNAL_PAST},      {"said", SIGNAL_PAST},
    {"sang", SIGNAL_PAST},       {"sank", SIGNAL_PAST},      {"saw", SIGNAL_PAST},
    {"scheduled", SIGNAL_DOUBT}, {"sent", SIGNAL_PAST},      {"set", SIGNAL_DOUBT},
    {"shall", SIGNAL_FUTURE},    {"shook", SIGNAL_PAST},     {"shot", SIGNAL_PAST},
    {"should", SIGNAL_DOUBT},    {"slated", SIGNAL_DOUBT},   {"slept", SIGNAL_PAST},
    {"sold", SIGNAL_PAST},       {"sought", SIGNAL_PAST},    {"speed", SIGNAL_NONE},
    {"spent", SIGNAL_PAST},      {"spoke", SIGNAL_PAST},     {"stole", SIGNAL_PAST},
    {"stood", SIGNAL_PAST},      {"struck", SIGNAL_PAST},    {"swam", SIGNAL_PAST},
    {"swept", SIGNAL_PAST},      {"swore", SIGNAL_PAST},     {"taught", SIGNAL_PAST},
    {"thought", SIGNAL_PAST},    {"threw", SIGNAL_PAST},     {"told", SIGNAL_PAST},
    {"took", SIGNAL_PAST},       {"tore", SIGNAL_PAST},      {"understood", SIGNAL_PAST},
    {"undertook", SIGNAL_PAST},  {"united", SIGNAL_NONE},    {"until", SIGNAL_DOUBT},
    {"was", SIGNAL_PAST},        {"went", SIGNAL_PAST},      {"were", SIGNAL_PAST},
    {"will", SIGNAL_FUTURE},     {"withdrew", SIGNAL_PAST},  {"woke", SIGNAL_PAST},
    {"won", SIGNAL_PAST},        {"won't", SIGNAL_FUTURE},   {"wore", SIGNAL_PAST},
    {"would", SIGNAL_DOUBT},     {"wrote", SIGNAL_PAST},
};

/* "to meet" is open; "to the", "to Kenya", "to 5" are no verbs. */
static bool is_infinitive(const struct gw_value_reader *reader, uint32_t at) {
    static const char *const others[] = {"the", "a",   "an", "his",  "her", "their",
                                         "its", "our", "my", "this", "that"};
    const struct gw_token *next = gw_reader_token(reader, at + 1);
    if (!gw_reader_is(reader, at, "to") || next->kind != GW_TOKEN_WORD || (next->shape & GW_SHAPE_CAPITAL)) {
        return false;
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (gw_reader_is(reader, at + 1, others[i])) {
            return false;
        }
    }
    return true;
}

static enum signal signal_at(const struct gw_value_reader *reader, uint32_t at) {
    const struct gw_token *token = gw_reader_token(reader, at);
    if (token->kind != GW_TOKEN_WORD || (token->shape & GW_SHAPE_CAPITAL)) {
        return SIGNAL_NONE;
    }
    struct gw_str s = gw_reader_text(reader, at);
    const struct verb *verb =
        gw_value_key_search(gw_value_key_make(s, false), verbs, sizeof verbs / sizeof *verbs, sizeof *verbs);
    if (verb) {
        return verb->signal;
    }
    bool past = s.size > 3 && s.data[s.size - 1] == 'd' && s.data[s.size - 2] == 'e';
    return past ? SIGNAL_PAST : is_infinitive(reader, at) ? SIGNAL_DOUBT : SIGNAL_NONE;
}

static bool is_speech(const struct gw_value_reader *reader, uint32_t at) {
    return gw_reader_has(reader, at, GW_WORD(SPEECH)) && signal_at(reader, at) == SIGNAL_PAST;
}

enum gw_tense gw_tense_at(const struct gw_value_reader *reader, uint32_t at) {
    enum signal nearest = SIGNAL_NONE;
    uint32_t least = at - reader->first > REACH ? at - REACH : reader->first;
    for (uint32_t i = at; i > least; i--) {
        enum signal signal = signal_at(reader, i - 1);
        if (nearest == SIGNAL_NONE && signal == SIGNAL_PAST && is_speech(reader, i - 1) &&
            at - i < SPEECH_REACH) {
            return GW_TENSE_PAST;
        }
        if (nearest == SIGNAL_NONE) {
            nearest = signal;
        } else if (signal != SIGNAL_NONE && signal != nearest) {
            nearest = nearest == SIGNAL_PAST && signal == SIGNAL_FUTURE ? SIGNAL_DOUBT : nearest;
            nearest = nearest == SIGNAL_PAST && signal == SIGNAL_DOUBT ? SIGNAL_DOUBT : nearest;
        }
    }
    uint32_t most = reader->end - at > REACH ? at + REACH : reader->end;
    for (uint32_t i = at; nearest == SIGNAL_NONE && i < most; i++) {
        nearest = signal_at(reader, i);
    }
    return nearest == SIGNAL_PAST     ? GW_TENSE_PAST
           : nearest == SIGNAL_FUTURE ? GW_TENSE_FUTURE
                                      : GW_TENSE_UNSURE;
}
