/* Articles that workers died on, in shared memory: the supervisor keeps the count, workers look.
 *
 * A death that is the article's own doing (a fatal signal, an exit in its middle, a hang) counts in full; one
 * by somebody else's SIGKILL counts a fifth, for it may have been the kernel's, out of memory because of the
 * article; our own kills count nothing. After the first whole death the article is tried again alone, after
 * the second one no more.
 */
#ifndef GW_RUN_SUSPECTS_H
#define GW_RUN_SUSPECTS_H

#include <stdatomic.h>
#include <stdint.h>

/* How a worker died, as far as the article that it was on is concerned. */
enum gw_death {
    GW_DEATH_OURS,   /* the supervisor ended it for another reason */
    GW_DEATH_FATAL,  /* by the article's doing */
    GW_DEATH_KILLED, /* by somebody else */
    GW_DEATH_COUNT
};

/* So many kills from outside weigh as much as one death of the article's doing. */
#define GW_SUSPECT_KILLS 5

/* Beyond so many suspects at once the oldest is forgotten. */
#define GW_SUSPECTS_MAX 256

enum gw_suspicion {
    GW_SUSPICION_NONE,
    GW_SUSPICION_ALONE,  /* it may have killed its worker: nothing else goes on while it is tried again */
    GW_SUSPICION_CRASHED /* it has killed its worker twice */
};

struct gw_suspect {
    _Atomic uint64_t key;    /* gw_position_key; 0: free */
    _Atomic uint32_t weight; /* of its deaths, in kills */
};

/* All zero at first. */
struct gw_suspects {
    _Atomic uint32_t known; /* positions that were ever entered; 0: look no further */
    struct gw_suspect items[GW_SUSPECTS_MAX];
};

/* By the supervisor alone: one more death on this position. Returns what is to be thought of it now. */
enum gw_suspicion gw_suspects_blame(struct gw_suspects *suspects, uint64_t key, enum gw_death death);

/* By anybody. */
enum gw_suspicion gw_suspects_look(const struct gw_suspects *suspects, uint64_t key);

#endif
