/* An account of positions: which inputs there were, and what came out for each of them. */
#ifndef GW_CLI_LEDGER_H
#define GW_CLI_LEDGER_H

#include "base/arena.h"
#include "base/status.h"
#include "schemas/position.h"

#include <stdbool.h>

/* What is entered about a position. Bits, so that one position may have several. */
enum gw_ledger_fact {
    GW_LEDGER_INPUT = 1,
    GW_LEDGER_RECORD = 2,
    GW_LEDGER_DEAD_LETTER = 4,
    GW_LEDGER_SKIPPED = 8,
    GW_LEDGER_OUTPUTS = GW_LEDGER_RECORD | GW_LEDGER_DEAD_LETTER | GW_LEDGER_SKIPPED
};

/* One position takes 16 bytes in a table that is at least half full after it grew:
 *
 *     slots   [ number | place | facts | outputs ] …     open addressing
 *     places  [ kind, name, partition ] …                what positions differ in beside their number
 */
struct gw_ledger {
    struct gw_allocator allocator;
    struct gw_arena names;
    struct gw_ledger_slot *slots;
    size_t slot_count, used; /* a power of two, or 0 */
    struct gw_position *places;
    uint32_t *place_index; /* of places, open addressing; 0 is empty, else the place's number + 1 */
    size_t place_count, place_capacity;
};

/* Takes no memory yet. */
void gw_ledger_init(struct gw_ledger *ledger, const struct gw_allocator *allocator);
void gw_ledger_free(struct gw_ledger *ledger);

/* The name is copied. GW_NO_MEMORY enters nothing. */
enum gw_status gw_ledger_enter(struct gw_ledger *ledger, const struct gw_position *position,
                               enum gw_ledger_fact fact);

/* All facts about a position; 0 for one that was never entered. */
unsigned gw_ledger_facts(const struct gw_ledger *ledger, const struct gw_position *position);

struct gw_ledger_sum {
    uint64_t in;                             /* distinct inputs */
    uint64_t records, dead_letters, skipped; /* distinct inputs that came out so; one that came out in two
                                                ways counts twice */
    uint64_t redelivered;                    /* outputs of inputs beyond the first of each */
    uint64_t missing;                        /* inputs without an output */
    uint64_t conflicting;                    /* inputs that came out in two ways */
    uint64_t foreign;                        /* positions of outputs that are none of the inputs */
};

void gw_ledger_add_up(const struct gw_ledger *ledger, struct gw_ledger_sum *sum);

/* in = records + dead letters + skipped, over distinct inputs. */
static inline bool gw_ledger_sum_holds(const struct gw_ledger_sum *sum) {
    return sum->missing == 0 && sum->conflicting == 0;
}

enum gw_ledger_kind { GW_LEDGER_MISSING, GW_LEDGER_CONFLICTING, GW_LEDGER_FOREIGN, GW_LEDGER_REPEATED };

/* The first `most` positions of one kind, by name, partition and number. `out` is an array of the arena's;
 * names are the ledger's. GW_NO_MEMORY. */
enum gw_status gw_ledger_list(const struct gw_ledger *ledger, enum gw_ledger_kind kind, size_t most,
                              struct gw_arena *arena, struct gw_position **out, size_t *count);

#endif
