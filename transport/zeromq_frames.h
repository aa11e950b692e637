/* The frames of ZeroMQ messages: how many there are, and which is what.
 *
 *     PULL takes   [payload]                 or [header map][payload]
 *     SUB takes    [topic][payload]          or [topic][header map][payload]
 *                  or what PUB sends
 *     PUSH sends   [header map][payload]
 *     PUB sends    [topic][sequence][header map][payload]
 *
 * Acked, sender (DEALER) and receiver (ROUTER, which sees a peer's identity in front of each):
 *
 *     sender  → receiver   ["HELLO"][session]     once per connection
 *     receiver → sender    ["HELLO"][credit]      most messages without an answer
 *     sender  → receiver   [seq][header map][payload]
 *     receiver → sender    [seq][status]          one byte; gives one credit back
 *
 * Sequences and seqs are u64, the credit is u32, all big-endian. A header map may be an empty frame. A
 * session is 1 to GW_ZEROMQ_SESSION_MAX bytes that the sender has chosen and no other sender uses; seqs rise
 * within it. After each HELLO answer the sender sends again what has no answer yet. It lets no seq go out
 * that is GW_ZEROMQ_SEQ_WINDOW or more above the lowest one without an answer: so far back the receiver knows
 * what it has answered, and answers a repeated message alike without taking it twice.
 */
#ifndef GW_TRANSPORT_ZEROMQ_FRAMES_H
#define GW_TRANSPORT_ZEROMQ_FRAMES_H

#include "base/str.h"
#include "transport/zeromq_settings.h"

#include <stdint.h>

#define GW_ZEROMQ_HELLO       "HELLO"
#define GW_ZEROMQ_SESSION_MAX ((size_t)64)
#define GW_ZEROMQ_SEQ_WINDOW  UINT64_C(8192)
#define GW_ZEROMQ_SEQ_BYTES   ((size_t)8)

/* The most frames that a message of ours has, a ROUTER's identity not counted. */
#define GW_ZEROMQ_FRAMES_MAX 4

/* What an acked message is answered with. */
enum gw_zeromq_answer {
    GW_ZEROMQ_ACCEPTED, /* it became a record, or was taken */
    GW_ZEROMQ_DEAD_LETTER,
    GW_ZEROMQ_SKIPPED,
    GW_ZEROMQ_TRY_AGAIN,
    GW_ZEROMQ_ANSWERS
};

/* Which frame is what; -1: there is none. */
struct gw_zeromq_shape {
    int topic, sequence, headers, payload;
};

/* Finds the shape of `count` frames received by `pattern` (PULL, SUB, or ACKED without identity). False: no
 * message looks like this. */
bool gw_zeromq_shape_of(enum gw_zeromq_pattern pattern, const struct gw_str *frames, size_t count,
                        struct gw_zeromq_shape *shape);

/* Sequences and seqs. Reading fails when the frame has not just 8 bytes. */
void gw_zeromq_write_seq(uint64_t seq, uint8_t out[GW_ZEROMQ_SEQ_BYTES]);
bool gw_zeromq_read_seq(struct gw_str frame, uint64_t *seq);

/* The credit in a HELLO's answer, likewise. */
#define GW_ZEROMQ_CREDIT_BYTES ((size_t)4)
void gw_zeromq_write_credit(uint32_t credit, uint8_t out[GW_ZEROMQ_CREDIT_BYTES]);
bool gw_zeromq_read_credit(struct gw_str frame, uint32_t *credit);

#endif
