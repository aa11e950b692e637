/* Headers of Kafka messages to ours and back. */
#ifndef GW_TRANSPORT_KAFKA_HEADERS_H
#define GW_TRANSPORT_KAFKA_HEADERS_H

#include "base/status.h"
#include "schemas/headers.h"

#include <librdkafka/rdkafka.h>

/* The message's headers: the first GW_HEADERS_MAX that fit in GW_HEADERS_BYTES_MAX, further ones are left
 * out. The items are malloc'd and given to the caller to free (NULL when there are none); names and values
 * stay the message's and live as long as it does. GW_NO_MEMORY is the only failure. */
enum gw_status gw_kafka_headers_read(const rd_kafka_message_t *message, struct gw_headers *out);

/* Copies; NULL when there are none. librdkafka takes them over when a message is produced, else free them
 * with rd_kafka_headers_destroy. */
rd_kafka_headers_t *gw_kafka_headers_write(struct gw_headers headers);

#endif
