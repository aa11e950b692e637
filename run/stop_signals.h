/* SIGTERM and SIGINT, which tell a process to end: held back, and read from a descriptor. */
#ifndef GW_RUN_STOP_SIGNALS_H
#define GW_RUN_STOP_SIGNALS_H

/* Holds them back in this thread and in those that it starts, for good: one that comes late must not spoil a
 * good end. Call it before any thread is started; it may be repeated. */
void gw_stop_signals_hold(void);

/* The same, and a descriptor (signalfd(2), which does not block) that is readable while one is pending; the
 * caller closes it. -1 with errno when there is none to be had. */
int gw_stop_signals_open(void);

#endif
