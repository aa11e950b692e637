/* How likely each label is, from three logits: a softmax that every processor rounds alike. */
#ifndef GW_PROCESS_SENTIMENT_SHARES_H
#define GW_PROCESS_SENTIMENT_SHARES_H

#include "schemas/annotation.h"

#define GW_LABELS (GW_POSITIVE + 1)

/* Beyond, a label is as good as impossible. */
#define GW_LOGIT_MOST 12.0

/* By label, in 10^-4. */
struct gw_shares {
    gw_e4 of[GW_LABELS];
};

/* e^x for -GW_LOGIT_MOST ≤ x ≤ 0 from exactly rounded operations: (1 + y + y²/2 + y³/6)^64 with y = x/64. */
static inline double gw_shares_power(double x) {
    double y = (x < -GW_LOGIT_MOST ? -GW_LOGIT_MOST : x) / 64;
    double power = 1 + y * (1 + y * (0.5 + y / 6));
    for (int i = 0; i < 6; i++) {
        power *= power;
    }
    return power;
}

/* The label with the largest logit; neutral is 0, and stays when none is larger. */
static inline enum gw_label gw_shares_best(double negative, double positive) {
    return positive > 0 && positive > negative ? GW_POSITIVE : negative > 0 ? GW_NEGATIVE : GW_NEUTRAL;
}

/* Of logits against neutral. */
static inline struct gw_shares gw_shares_of(double negative, double positive) {
    const double logits[GW_LABELS] = {[GW_NEGATIVE] = negative, [GW_POSITIVE] = positive};
    enum gw_label best = gw_shares_best(negative, positive);
    double powers[GW_LABELS], all = 0;
    for (int label = 0; label < GW_LABELS; label++) {
        powers[label] = gw_shares_power(logits[label] - logits[best]);
        all += powers[label];
    }
    struct gw_shares shares;
    for (int label = 0; label < GW_LABELS; label++) {
        shares.of[label] = (gw_e4)(powers[label] / all * GW_E4_ONE + 0.5);
    }
    return shares;
}

#endif
