/* Files one after another, and which of their messages are settled. */
#include "ingest/file_source.h"

#include "base/log.h"
#include "ingest/file_reader.h"
#include "ingest/file_state.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

/* A message that was given out and is not settled. */
struct entry {
    uint64_t start, line, full_size;
    enum gw_status refused;
    bool text, html;
    bool wanted_again; /* it came back: give it out once more */
    bool redelivered;
    size_t size;
    char payload[];
};

/* Where a message ends; `entry` is NULL when it is settled. */
struct slot {
    size_t file;
    uint64_t end, next_line;
    struct entry *entry;
};

/* Messages in the order of the files. Settled slots are taken off the front only, so that all before it is
 * settled:
 *
 *     slots (a ring):  … | first: receipt first_receipt | … count … |
 */
struct file_source {
    struct gw_source head;
    const struct gw_file_source_settings *settings;
    struct gw_allocator allocator;
    struct gw_file_place *places; /* for each path: what is settled */
    size_t file;                  /* the one that is read, or opened next */
    struct gw_file_reader reader;
    bool reading; /* the reader is open */
    bool waiting; /* it had nothing when it was last asked */
    bool paused;
    struct gw_file_piece piece; /* read, but there was no memory to give it out */
    bool has_piece;
    struct slot *slots;
    size_t capacity, first, count;
    gw_receipt first_receipt;
    size_t again;     /* entries that are wanted again */
    uint64_t unsaved; /* messages settled since the state was saved */
    int never;        /* a descriptor that is never readable */
};

static struct file_source *self(struct gw_source *source) {
    return (struct file_source *)source;
}

static void *allocate(struct file_source *source, size_t size) {
    return source->allocator.allocate(source->allocator.context, size);
}

static void release(struct file_source *source, void *memory, size_t size) {
    if (memory) {
        source->allocator.release(source->allocator.context, memory, size);
    }
}

static struct slot *slot_at(const struct file_source *source, size_t index) {
    return &source->slots[(source->first + index) % source->capacity];
}

/* The slot of an unsettled message; NULL when the receipt is stale. */
static struct slot *slot_of(const struct file_source *source, gw_receipt receipt) {
    if (receipt < source->first_receipt || receipt - source->first_receipt >= source->count) {
        return NULL;
    }
    struct slot *slot = slot_at(source, (size_t)(receipt - source->first_receipt));
    return slot->entry ? slot : NULL;
}

static bool grow_slots(struct file_source *source) {
    size_t capacity = source->capacity ? 2 * source->capacity : 64;
    struct slot *slots = allocate(source, capacity * sizeof *slots);
    if (!slots) {
        return false;
    }
    for (size_t i = 0; i < source->count; i++) {
        slots[i] = *slot_at(source, i);
    }
    release(source, source->slots, source->capacity * sizeof *slots);
    source->slots = slots;
    source->capacity = capacity;
    source->first = 0;
    return true;
}

/* Keeps a copy of the piece until it is settled; NULL without memory. */
static struct entry *keep(struct file_source *source, const struct gw_file_piece *piece) {
    if (source->count == source->capacity && !grow_slots(source)) {
        return NULL;
    }
    struct entry *entry = allocate(source, sizeof *entry + piece->bytes.size);
    if (!entry) {
        return NULL;
    }
    bool text = source->reader.format == GW_FILE_TEXT;
    *entry = (struct entry){.start = piece->start,
                            .line = piece->line,
                            .full_size = piece->full_size,
                            .refused = piece->refused,
                            .text = text,
                            .html = text && source->reader.html,
                            .size = piece->bytes.size};
    memcpy(entry->payload, piece->bytes.data, piece->bytes.size);
    /* What cannot be sought has no place to go on from. */
    *slot_at(source, source->count++) = (struct slot){.file = source->file,
                                                      .end = source->reader.regular ? piece->end : 0,
                                                      .next_line = piece->line + 1,
                                                      .entry = entry};
    return entry;
}

static void forget(struct file_source *source, struct slot *slot) {
    release(source, slot->entry, sizeof *slot->entry + slot->entry->size);
    slot->entry = NULL;
}

static struct gw_headers text_headers(bool html) {
    static const struct gw_header plain = {{"content-type", 12}, {"text/plain", 10}};
    static const struct gw_header hypertext = {{"content-type", 12}, {"text/html", 9}};
    return (struct gw_headers){html ? &hypertext : &plain, 1};
}

static void describe(const struct file_source *source, size_t index, struct gw_message *message) {
    const struct slot *slot = slot_at(source, index);
    const struct entry *entry = slot->entry;
    *message = (struct gw_message){
        .receipt = source->first_receipt + index,
        .payload = {entry->payload, entry->size},
        .headers = entry->text ? text_headers(entry->html) : (struct gw_headers){NULL, 0},
        .position = {.kind = GW_POSITION_FILE,
                     .name = gw_str_from(source->places[slot->file].path),
                     .number = (int64_t)entry->start},
        .timestamp_ms = -1,
        .redelivered = entry->redelivered,
        .refused = entry->refused,
        .full_size = entry->full_size,
    };
}

/* Messages that came back go first. */
static size_t take_again(struct file_source *source, struct gw_message *messages, size_t capacity) {
    size_t taken = 0;
    for (size_t i = 0; i < source->count && source->again > 0 && taken < capacity; i++) {
        struct entry *entry = slot_at(source, i)->entry;
        if (entry && entry->wanted_again) {
            entry->wanted_again = false;
            entry->redelivered = true;
            source->again--;
            describe(source, i, &messages[taken++]);
        }
    }
    return taken;
}

static enum gw_status open_next(struct file_source *source, struct gw_error *error) {
    const struct gw_file_place *place = &source->places[source->file];
    enum gw_status status =
        gw_file_reader_open(&source->reader, place->path, source->settings->format,
                            source->settings->message_bytes_max, &source->allocator, error);
    if (status != GW_OK) {
        return status;
    }
    if (source->reader.regular && place->offset > 0) {
        gw_file_reader_resume(&source->reader, place->offset, place->line);
    }
    source->reading = true;
    return GW_OK;
}

static void close_reader(struct file_source *source) {
    if (source->reading) {
        gw_file_reader_close(&source->reader);
        source->reading = false;
    }
}

/* Puts the file's name in front of what went wrong in it. */
static enum gw_status name_file(const struct file_source *source, struct gw_error *error) {
    if (!error) {
        return GW_SYSTEM;
    }
    struct gw_error inner = *error;
    return gw_fail(error, inner.status, inner.position, "%s: %s", source->places[source->file].path,
                   inner.detail);
}

/* Reads the next piece of the next file that has one. GW_CLOSED after the last file. */
static enum gw_status read_piece(struct file_source *source, struct gw_error *error) {
    struct gw_error inner;
    while (!source->has_piece && source->file < source->settings->path_count) {
        enum gw_status status = source->reading ? GW_OK : open_next(source, error);
        if (status != GW_OK) {
            return status;
        }
        status = gw_file_reader_next(&source->reader, &source->piece, &inner);
        source->has_piece = status == GW_OK;
        if (status == GW_CLOSED) {
            close_reader(source);
            source->file++;
        } else if (status == GW_AGAIN) {
            return status;
        } else if (status != GW_OK) {
            if (error) {
                *error = inner;
                name_file(source, error);
            }
            return status;
        }
    }
    return source->has_piece ? GW_OK : GW_CLOSED;
}

static enum gw_status take_next(struct file_source *source, struct gw_message *message,
                                struct gw_error *error) {
    enum gw_status status = read_piece(source, error);
    if (status != GW_OK) {
        return status;
    }
    if (!keep(source, &source->piece)) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for a message of %s",
                       source->places[source->file].path);
    }
    source->has_piece = false;
    describe(source, source->count - 1, message);
    return GW_OK;
}

static enum gw_status save(struct file_source *source, struct gw_error *error) {
    if (source->unsaved == 0 || !source->settings->state_path) {
        return GW_OK;
    }
    enum gw_status status =
        gw_file_state_save(source->settings->state_path, source->places, source->settings->path_count, error);
    if (status == GW_OK) {
        source->unsaved = 0;
    }
    return status;
}

static enum gw_status take(struct gw_source *head, struct gw_message *messages, size_t capacity,
                           size_t *count, struct gw_error *error) {
    struct file_source *source = self(head);
    enum gw_status status = GW_OK;
    *count = 0;
    if (source->paused) {
        return GW_OK;
    }
    *count = take_again(source, messages, capacity);
    while (*count < capacity && status == GW_OK) {
        status = take_next(source, &messages[*count], error);
        *count += status == GW_OK;
    }
    source->waiting = status == GW_AGAIN;
    /* What went wrong will go wrong again when nothing is left to give out before it. */
    if (*count > 0 || status == GW_AGAIN || (status == GW_CLOSED && source->count > 0)) {
        return GW_OK;
    }
    if (status == GW_CLOSED) {
        enum gw_status saved = save(source, error);
        return saved == GW_OK ? GW_CLOSED : saved;
    }
    return status;
}

static void advance(struct file_source *source) {
    while (source->count > 0 && !slot_at(source, 0)->entry) {
        const struct slot *slot = slot_at(source, 0);
        source->places[slot->file].offset = slot->end;
        source->places[slot->file].line = slot->next_line;
        source->first = (source->first + 1) % source->capacity;
        source->count--;
        source->first_receipt++;
        source->unsaved++;
    }
}

static enum gw_status settle(struct gw_source *head, gw_receipt receipt, enum gw_outcome outcome,
                             struct gw_error *error) {
    struct file_source *source = self(head);
    struct slot *slot = slot_of(source, receipt);
    if (!slot) {
        return GW_OK;
    }
    if (slot->entry->wanted_again) {
        slot->entry->wanted_again = false;
        source->again--;
    }
    if (outcome == GW_OUTCOME_RETRY) {
        slot->entry->wanted_again = true;
        source->again++;
        return GW_OK;
    }
    forget(source, slot);
    advance(source);
    return source->unsaved >= GW_FILE_STATE_EVERY ? save(source, error) : GW_OK;
}

/* Asked before each wait: a regular file never makes one wait, a pipe's descriptor tells, and when only
 * receipts are missing there is nothing to wait for here. */
static int fd(struct gw_source *head) {
    struct file_source *source = self(head);
    bool all_read = source->file >= source->settings->path_count;
    if (source->paused || (all_read && source->again == 0 && source->count > 0)) {
        return source->never;
    }
    return source->waiting && source->again == 0 ? source->reader.fd : -1;
}

static enum gw_status positions(struct gw_source *head, struct gw_positions **out, struct gw_error *error) {
    (void)head;
    *out = NULL;
    return gw_fail(error, GW_UNSUPPORTED, GW_NO_POSITION, "a file source keeps its positions itself");
}

static enum gw_status pause_taking(struct gw_source *head, struct gw_error *error) {
    (void)error;
    self(head)->paused = true;
    return GW_OK;
}

static enum gw_status resume_taking(struct gw_source *head, struct gw_error *error) {
    (void)error;
    self(head)->paused = false;
    return GW_OK;
}

static bool ready(struct gw_source *head) {
    (void)head;
    return true;
}

static void release_all(struct file_source *source) {
    close_reader(source);
    for (size_t i = 0; i < source->count; i++) {
        if (slot_at(source, i)->entry) {
            forget(source, slot_at(source, i));
        }
    }
    release(source, source->slots, source->capacity * sizeof *source->slots);
    release(source, source->places, source->settings->path_count * sizeof *source->places);
    if (source->never >= 0) {
        close(source->never);
    }
    struct gw_allocator allocator = source->allocator;
    allocator.release(allocator.context, source, sizeof *source);
}

/* A file's state is written at once: there is nothing to wait for. */
static void store(struct gw_source *head, int timeout_ms) {
    (void)timeout_ms;
    struct gw_error error;
    if (save(self(head), &error) != GW_OK) {
        GW_LOG(GW_LOG_ERROR, "settled offsets not saved: a later run repeats them",
               GW_KS("error", error.detail));
    }
}

static void close_source(struct gw_source *head) {
    store(head, 0);
    release_all(self(head));
}

static const struct gw_source_ops ops = {.name = "file",
                                         .fd = fd,
                                         .take = take,
                                         .settle = settle,
                                         .positions = positions,
                                         .pause = pause_taking,
                                         .resume = resume_taking,
                                         .ready = ready,
                                         .close = close_source,
                                         .store = store};

/* Whether a position with this path fits, every odd byte of it written as three. */
static bool fits_position(const char *path) {
    size_t size = sizeof "file:/-9223372036854775808";
    for (const char *at = path; *at; at++) {
        size += *at > ' ' && *at < 0x7f && *at != '%' ? 1 : 3;
    }
    return size <= GW_POSITION_TEXT_MAX;
}

/* What can be known to fail later is said now. */
static enum gw_status check_path(const struct gw_file_source_settings *settings, const char *path,
                                 struct gw_error *error) {
    struct stat about;
    if (strcmp(path, "-") == 0) {
        return GW_OK;
    }
    if (stat(path, &about) != 0 || access(path, R_OK) != 0) {
        return gw_fail_errno(error, "cannot open %s", path);
    }
    if (S_ISDIR(about.st_mode)) {
        return gw_fail(error, GW_SYSTEM, GW_NO_POSITION, "%s is a directory", path);
    }
    if (!fits_position(path)) {
        return gw_fail(error, GW_SYSTEM, GW_NO_POSITION, "the path %.100s… is too long for a position", path);
    }
    if (settings->state_path && strchr(path, '\n')) {
        return gw_fail(error, GW_SYSTEM, GW_NO_POSITION, "a path with a line feed has no place in %s",
                       settings->state_path);
    }
    return GW_OK;
}

static enum gw_status prepare(struct file_source *source, struct gw_error *error) {
    const struct gw_file_source_settings *settings = source->settings;
    source->places = allocate(source, settings->path_count * sizeof *source->places);
    if (!source->places) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for a file source");
    }
    for (size_t i = 0; i < settings->path_count; i++) {
        source->places[i] = (struct gw_file_place){.path = settings->paths[i], .line = 1};
        enum gw_status status = check_path(settings, settings->paths[i], error);
        if (status != GW_OK) {
            return status;
        }
    }
    source->never = eventfd(0, EFD_CLOEXEC);
    if (source->never < 0) {
        return gw_fail_errno(error, "cannot make an eventfd");
    }
    return settings->state_path
               ? gw_file_state_load(settings->state_path, source->places, settings->path_count, error)
               : GW_OK;
}

enum gw_status gw_file_source_open(const struct gw_file_source_settings *settings, struct gw_source **out,
                                   struct gw_error *error) {
    const struct gw_allocator *allocator = settings->allocator ? settings->allocator : &gw_allocator_system;
    struct file_source *source = allocator->allocate(allocator->context, sizeof *source);
    *out = NULL;
    if (!source) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for a file source");
    }
    *source = (struct file_source){.head = {.ops = &ops},
                                   .settings = settings,
                                   .allocator = *allocator,
                                   .first_receipt = 1,
                                   .never = -1};
    enum gw_status status = prepare(source, error);
    if (status != GW_OK) {
        release_all(source);
        return status;
    }
    *out = &source->head;
    return GW_OK;
}

static const struct entry *entry_of(const struct gw_source *source, const struct gw_message *message) {
    const struct slot *slot = slot_of((const struct file_source *)source, message->receipt);
    return slot ? slot->entry : NULL;
}

bool gw_file_source_is_text(const struct gw_source *source, const struct gw_message *message) {
    const struct entry *entry = entry_of(source, message);
    return entry && entry->text;
}

uint64_t gw_file_source_line(const struct gw_source *source, const struct gw_message *message) {
    const struct entry *entry = entry_of(source, message);
    return entry ? entry->line : 0;
}
