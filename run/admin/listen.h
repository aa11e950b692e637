/* Where the admin server listens: "127.0.0.1:5557", "[::1]:5557", "localhost:0". */
#ifndef GW_RUN_ADMIN_LISTEN_H
#define GW_RUN_ADMIN_LISTEN_H

#include "base/status.h"

/* Stands for no admin server. */
#define GW_ADMIN_OFF "off"

/* The longest address and port as gw_admin_listen writes them, with a terminator. */
#define GW_ADMIN_ADDRESS_MAX 64

/* NULL when the text names a host and a port, or is "off"; else what is wrong (static text). */
const char *gw_admin_listen_check(const char *text);

/* A listening socket, which does not block and which the caller closes; `address` gets what it is bound to.
 * GW_BAD_CONFIG for an address that is none of this host's, GW_REFUSED for one that is taken or not ours to
 * take; the detail names it. */
enum gw_status gw_admin_listen(const char *text, int *fd, char address[GW_ADMIN_ADDRESS_MAX],
                               struct gw_error *error);

#endif
