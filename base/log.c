/* One bounded line per event, made on the stack and written with one write(2), so that the lines of processes
 * that share stderr do not mix. The only module with global state: where lines go. */
#include "base/log.h"

#include "base/utf8.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#define ROLE_MAX  32
#define WINDOW_NS GW_NS_PER_S

static struct {
    enum gw_log_format format;
    char role[ROLE_MAX];
    int slot;
    int fd;
    const struct gw_clock *clock;
} target = {GW_LOG_LOGFMT, "", -1, STDERR_FILENO, &gw_clock_system};

static atomic_int threshold = GW_LOG_INFO;

/* Guards the state of all call sites. */
static pthread_mutex_t sites = PTHREAD_MUTEX_INITIALIZER;

static const char *const level_words[] = {"debug", "info", "warn", "error"};

/* A line under construction. TAIL bytes at its end are kept free for what closes it. */
struct line {
    bool json;
    bool cut;
    size_t size;
    char bytes[GW_LOG_LINE_MAX];
};

static const char json_cut[] = ",\"cut\":true";
static const char logfmt_cut[] = " cut=true";
static const char ellipsis[] = "\xE2\x80\xA6";

#define TAIL (sizeof ellipsis + sizeof json_cut + sizeof "\"}\n")

void gw_log_init(enum gw_log_level level, enum gw_log_format format, const char *role, int slot) {
    atomic_store_explicit(&threshold, (int)level, memory_order_relaxed);
    target.format = format;
    snprintf(target.role, sizeof target.role, "%s", role ? role : "");
    target.slot = slot;
}

void gw_log_redirect(int fd, const struct gw_clock *clock) {
    target.fd = fd;
    target.clock = clock;
}

bool gw_log_enabled(enum gw_log_level level) {
    return level < GW_LOG_OFF && (int)level >= atomic_load_explicit(&threshold, memory_order_relaxed);
}

/* All of the text or nothing of it. */
static bool put(struct line *line, const char *text, size_t size) {
    if (line->size + size > sizeof line->bytes - TAIL) {
        return false;
    }
    memcpy(line->bytes + line->size, text, size);
    line->size += size;
    return true;
}

static bool put_word(struct line *line, const char *word) {
    return put(line, word, strlen(word));
}

/* What closes the line; TAIL has room for it. */
static void put_tail(struct line *line, const char *text) {
    size_t size = strlen(text);
    memcpy(line->bytes + line->size, text, size);
    line->size += size;
}

/* Control characters would let a message forge lines or steer a terminal. */
static bool must_escape(uint32_t codepoint) {
    return codepoint < 0x20 || codepoint == '"' || codepoint == '\\' ||
           (codepoint >= 0x7F && codepoint < 0xA0) || codepoint == 0x2028 || codepoint == 0x2029;
}

static bool put_escaped(struct line *line, uint32_t codepoint) {
    static const struct {
        uint32_t codepoint;
        const char *text;
    } shorts[] = {{'"', "\\\""}, {'\\', "\\\\"}, {'\n', "\\n"}, {'\r', "\\r"}, {'\t', "\\t"}};
    for (size_t i = 0; i < sizeof shorts / sizeof shorts[0]; i++) {
        if (shorts[i].codepoint == codepoint) {
            return put_word(line, shorts[i].text);
        }
    }
    char text[sizeof "\\uFFFF"];
    snprintf(text, sizeof text, "\\u%04x", (unsigned)(codepoint & 0xFFFF));
    return put_word(line, text);
}

/* The character at `at`, or U+FFFD for one byte that belongs to none; returns how many bytes of `s` it takes.
 */
static size_t next_character(struct gw_str s, size_t at, uint32_t *codepoint) {
    size_t most = s.size - at < 4 ? s.size - at : 4;
    for (size_t size = 1; size <= most; size++) {
        if (gw_utf8_is_valid(gw_str_sub(s, at, at + size))) {
            return gw_utf8_decode(s, at, codepoint);
        }
    }
    *codepoint = 0xFFFD;
    return 1;
}

static bool put_character(struct line *line, uint32_t codepoint) {
    char bytes[4];
    return must_escape(codepoint) ? put_escaped(line, codepoint)
                                  : put(line, bytes, gw_utf8_encode(codepoint, bytes));
}

/* The text in quotes; one that is too long ends in an ellipsis. */
static bool put_quoted(struct line *line, struct gw_str text) {
    size_t most = gw_utf8_floor(text, GW_LOG_VALUE_MAX);
    bool whole = most == text.size;
    if (!put(line, "\"", 1)) {
        return false;
    }
    for (size_t at = 0; at < most;) {
        uint32_t codepoint;
        at += next_character(text, at, &codepoint);
        if (!put_character(line, codepoint)) {
            line->cut = true;
            whole = false;
            break;
        }
    }
    if (!whole) {
        put_tail(line, ellipsis);
    }
    put_tail(line, "\"");
    return !line->cut;
}

static bool is_bare(struct gw_str text) {
    for (size_t i = 0; i < text.size; i++) {
        uint8_t byte = (uint8_t)text.data[i];
        if (byte <= ' ' || byte >= 0x7F || byte == '"' || byte == '=' || byte == '\\') {
            return false;
        }
    }
    return text.size > 0 && text.size <= GW_LOG_VALUE_MAX;
}

static bool put_text(struct line *line, struct gw_str text) {
    if (!line->json && is_bare(text)) {
        return put(line, text.data, text.size);
    }
    return line->json && !text.data ? put_word(line, "null") : put_quoted(line, text);
}

static bool put_number(struct line *line, int64_t number) {
    char digits[24];
    snprintf(digits, sizeof digits, "%lld", (long long)number);
    return put_word(line, digits);
}

static bool put_key(struct line *line, const char *key) {
    const char *before = line->json ? (line->size == 0 ? "{\"" : ",\"") : line->size == 0 ? "" : " ";
    return put_word(line, before) && put_word(line, key) && put_word(line, line->json ? "\":" : "=");
}

/* Adds a field, part of its text when it is long, or nothing when not even its beginning fits. */
static void put_field(struct line *line, const struct gw_log_field *field) {
    size_t before = line->size;
    if (line->cut) {
        return;
    }
    if (!put_key(line, field->key) ||
        !(field->type == GW_LOG_INT ? put_number(line, field->number) : put_text(line, field->text))) {
        /* put_quoted has closed what it cut; anything else is taken back. */
        line->size = line->cut ? line->size : before;
        line->cut = true;
    }
}

static void put_header(struct line *line, enum gw_log_level level) {
    char now[GW_RFC3339_SIZE];
    gw_clock_format_rfc3339(gw_clock_wall_ms(target.clock), now);
    put_field(line, &GW_KS("ts", now));
    put_field(line, &GW_KS("level", level_words[level]));
    if (target.role[0] != '\0') {
        put_field(line, &GW_KS("role", target.role));
    }
    if (target.slot >= 0) {
        put_field(line, &GW_KI("slot", target.slot));
    }
}

static void put_end(struct line *line) {
    if (line->cut) {
        put_tail(line, line->json ? json_cut : logfmt_cut);
    }
    put_tail(line, line->json ? "}\n" : "\n");
}

/* Counts this line against its site. True when it may go out; `held_back` is then how many before it could
 * not. */
static bool admit(struct gw_log_site *site, uint32_t *held_back) {
    int64_t now = gw_clock_now_ns(target.clock);
    pthread_mutex_lock(&sites);
    if (now - site->window_start_ns >= WINDOW_NS) {
        site->window_start_ns = now;
        site->in_window = 0;
    }
    bool admitted = site->in_window < GW_LOG_BURST;
    if (admitted) {
        site->in_window++;
        *held_back = site->suppressed;
        site->suppressed = 0;
    } else {
        site->suppressed++;
    }
    pthread_mutex_unlock(&sites);
    return admitted;
}

/* A line that cannot be written is lost: there is nobody left to tell. */
static void write_line(const struct line *line) {
    ssize_t written;
    do {
        written = write(target.fd, line->bytes, line->size);
    } while (written < 0 && errno == EINTR);
}

void gw_log_write(struct gw_log_site *site, enum gw_log_level level, const char *message,
                  const struct gw_log_field *fields, size_t count) {
    int saved_errno = errno;
    uint32_t held_back = 0;
    if (gw_log_enabled(level) && (!site || admit(site, &held_back))) {
        struct line line;
        line.json = target.format == GW_LOG_JSON;
        line.cut = false;
        line.size = 0;
        put_header(&line, level);
        put_field(&line, &GW_KS("msg", message));
        if (held_back > 0) {
            put_field(&line, &GW_KI("suppressed", held_back));
        }
        for (size_t i = 0; i < count; i++) {
            put_field(&line, &fields[i]);
        }
        put_end(&line);
        write_line(&line);
    }
    errno = saved_errno;
}
