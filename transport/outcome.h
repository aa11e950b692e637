/* What becomes of a message, and where that goes: the words that sources, sinks and the hub's frames share.
 */
#ifndef GW_TRANSPORT_OUTCOME_H
#define GW_TRANSPORT_OUTCOME_H

enum gw_outcome {
    GW_OUTCOME_RECORD,
    GW_OUTCOME_DEAD_LETTER,
    GW_OUTCOME_SKIPPED,
    GW_OUTCOME_RETRY /* nothing was published: give it out again, here or elsewhere */
};

enum gw_outlet { GW_OUTLET_RECORDS, GW_OUTLET_DEAD_LETTERS, GW_OUTLET_COUNT };

#endif
