/* Two lists and a table of tickets. */
#include "run/window.h"

/* Flights that lie ready for reuse are never given back before the end; the window's bytes bound how many
 * there are, because each message counts with its flight. */
void gw_window_init(struct gw_window *window, size_t high_bytes, size_t low_bytes,
                    const struct gw_allocator *allocator) {
    *window = (struct gw_window){.allocator = *allocator, .high_bytes = high_bytes, .low_bytes = low_bytes};
    gw_slots_init(&window->tickets, allocator);
}

static void release_list(struct gw_window *window, struct gw_flight *flight) {
    while (flight) {
        struct gw_flight *next = flight->next;
        window->allocator.release(window->allocator.context, flight, sizeof *flight);
        flight = next;
    }
}

void gw_window_free(struct gw_window *window) {
    release_list(window, window->waiting.first);
    release_list(window, window->under_way.first);
    release_list(window, window->spare);
    gw_slots_free(&window->tickets);
    gw_window_init(window, window->high_bytes, window->low_bytes, &window->allocator);
}

/* Puts `flight` behind `before`; NULL is the front. */
static void link_behind(struct gw_flights *list, struct gw_flight *before, struct gw_flight *flight) {
    flight->previous = before;
    flight->next = before ? before->next : list->first;
    *(flight->next ? &flight->next->previous : &list->last) = flight;
    *(before ? &before->next : &list->first) = flight;
    list->count++;
}

static void unlink_from(struct gw_flights *list, struct gw_flight *flight) {
    *(flight->next ? &flight->next->previous : &list->last) = flight->previous;
    *(flight->previous ? &flight->previous->next : &list->first) = flight->next;
    list->count--;
}

static size_t bytes_of(const struct gw_message *message) {
    size_t bytes = sizeof(struct gw_flight) + message->payload.size + message->key.size;
    for (size_t i = 0; i < message->headers.count; i++) {
        const struct gw_header *header = &message->headers.items[i];
        bytes += sizeof *header + header->name.size + header->value.size;
    }
    return bytes;
}

static struct gw_flight *take_flight(struct gw_window *window) {
    struct gw_flight *flight = window->spare;
    if (flight) {
        window->spare = flight->next;
        return flight;
    }
    return window->allocator.allocate(window->allocator.context, sizeof *flight);
}

enum gw_status gw_window_add(struct gw_window *window, const struct gw_message *message) {
    struct gw_flight *flight = take_flight(window);
    if (!flight) {
        return GW_NO_MEMORY;
    }
    *flight =
        (struct gw_flight){.message = *message, .arrival = ++window->arrivals, .bytes = bytes_of(message)};
    link_behind(&window->waiting, window->waiting.last, flight);
    window->bytes += flight->bytes;
    window->high = window->high || window->bytes >= window->high_bytes;
    return GW_OK;
}

enum gw_status gw_window_send(struct gw_window *window, struct gw_flight *flight) {
    enum gw_status status = gw_slots_add(&window->tickets, flight, &flight->ticket);
    if (status == GW_OK) {
        unlink_from(&window->waiting, flight);
        link_behind(&window->under_way, window->under_way.last, flight);
    }
    return status;
}

struct gw_flight *gw_window_find(const struct gw_window *window, uint64_t ticket) {
    return gw_slots_get(&window->tickets, ticket);
}

/* Out of its list; the ticket finds nothing from here on. */
static void take_out(struct gw_window *window, struct gw_flight *flight) {
    unlink_from(flight->ticket ? &window->under_way : &window->waiting, flight);
    gw_slots_remove(&window->tickets, flight->ticket);
    flight->ticket = 0;
}

void gw_window_again(struct gw_window *window, struct gw_flight *flight) {
    take_out(window, flight);
    struct gw_flight *before = window->waiting.last;
    while (before && before->arrival > flight->arrival) {
        before = before->previous;
    }
    link_behind(&window->waiting, before, flight);
}

/* From the last to the first: what was sent arrived, but for repeats, before what waits, so that each place
 * is found near the front. */
void gw_window_rewind(struct gw_window *window) {
    struct gw_flight *flight;
    while ((flight = window->under_way.last)) {
        take_out(window, flight);
        struct gw_flight *before = NULL, *behind = window->waiting.first;
        while (behind && behind->arrival < flight->arrival) {
            before = behind;
            behind = behind->next;
        }
        link_behind(&window->waiting, before, flight);
    }
}

void gw_window_remove(struct gw_window *window, struct gw_flight *flight) {
    take_out(window, flight);
    window->bytes -= flight->bytes;
    window->high = window->high && window->bytes > window->low_bytes;
    flight->next = window->spare;
    window->spare = flight;
}
