/* Articles that kill their worker, for fault tests. Only the program glosswire-poisoned takes them, which is
 * built where CMake's option GW_POISON is on; in glosswire this is nothing. */
#ifndef GW_RUN_POISON_H
#define GW_RUN_POISON_H

#include "base/str.h"

/* What an article's id must begin with:
 *
 *     poison-crash   a null pointer is written through
 *     poison-abort   abort(3), as a failed assertion
 *     poison-exit    the process exits in the middle of the article
 *     poison-kill    SIGKILL, as from the kernel that is out of memory
 *     poison-hang    an endless loop
 *     poison-sleep   sleeps for ever, without using the processor
 *     poison-once:PATH   as poison-crash, but only while there is no file PATH; it makes one
 */
#ifdef GW_POISON
void gw_poison_take(struct gw_str id);
#else
static inline void gw_poison_take(struct gw_str id) {
    (void)id;
}
#endif

#endif
