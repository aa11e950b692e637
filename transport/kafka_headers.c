/* librdkafka gives one header at a time; names are terminated strings, values may be NULL. */
#include "transport/kafka_headers.h"

#include <stdlib.h>

/* Fills `items` with what is within the limits; returns how many there are. */
static size_t read_items(const rd_kafka_headers_t *headers, struct gw_header *items, size_t count) {
    size_t taken = 0, bytes = 0;
    for (size_t i = 0; i < count; i++) {
        const char *name;
        const void *value;
        size_t size;
        if (rd_kafka_header_get_all(headers, i, &name, &value, &size) != RD_KAFKA_RESP_ERR_NO_ERROR) {
            break;
        }
        struct gw_header item = {gw_str_from(name), {value, value ? size : 0}};
        bytes += item.name.size + item.value.size;
        if (bytes > GW_HEADERS_BYTES_MAX) {
            break;
        }
        items[taken++] = item;
    }
    return taken;
}

enum gw_status gw_kafka_headers_read(const rd_kafka_message_t *message, struct gw_headers *out) {
    rd_kafka_headers_t *headers;
    *out = (struct gw_headers){NULL, 0};
    /* Headers that cannot be parsed are as good as none: the payload is still there. */
    if (rd_kafka_message_headers(message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return GW_OK;
    }
    size_t count = rd_kafka_header_cnt(headers);
    count = count < GW_HEADERS_MAX ? count : GW_HEADERS_MAX;
    if (count == 0) {
        return GW_OK;
    }
    struct gw_header *items = malloc(count * sizeof *items);
    if (!items) {
        return GW_NO_MEMORY;
    }
    *out = (struct gw_headers){items, read_items(headers, items, count)};
    return GW_OK;
}

rd_kafka_headers_t *gw_kafka_headers_write(struct gw_headers headers) {
    if (headers.count == 0) {
        return NULL;
    }
    rd_kafka_headers_t *written = rd_kafka_headers_new(headers.count);
    for (size_t i = 0; i < headers.count; i++) {
        const struct gw_header *header = &headers.items[i];
        rd_kafka_header_add(written, header->name.data, (ssize_t)header->name.size, header->value.data,
                            (ssize_t)header->value.size);
    }
    return written;
}
