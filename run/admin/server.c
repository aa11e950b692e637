/* HTTP by libmicrohttpd, in one thread, between poll(2) and the pages. */
#include "run/admin/server.h"

#include "base/log.h"
#include "run/admin/pages.h"
#include "run/exit_codes.h"
#include "run/stop_signals.h"

#include <microhttpd.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The largest page: 256 workers with all their series. */
#define PAGE_BYTES_MAX ((size_t)8 << 20)

struct gw_admin {
    struct gw_admin_settings settings;
    struct MHD_Daemon *daemon;
    char address[GW_ADMIN_ADDRESS_MAX];
};

/* What every answer says: pages load nothing, run nothing, and are not kept. */
static const struct {
    const char *name, *value;
} headers[] = {
    {"Cache-Control", "no-store"},
    {"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
};

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned code, const char *content_type,
                              struct gw_str body) {
    struct MHD_Response *response =
        MHD_create_response_from_buffer(body.size, (void *)(uintptr_t)body.data, MHD_RESPMEM_MUST_COPY);
    if (!response) {
        return MHD_NO;
    }
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        MHD_add_response_header(response, headers[i].name, headers[i].value);
    }
    MHD_add_response_header(response, "Content-Type", content_type);
    if (code == MHD_HTTP_METHOD_NOT_ALLOWED) {
        MHD_add_response_header(response, "Allow", "GET, HEAD");
    }
    enum MHD_Result queued = MHD_queue_response(connection, code, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result complain(struct MHD_Connection *connection, unsigned code, const char *text) {
    return answer(connection, code, "text/plain; charset=utf-8", gw_str_from(text));
}

static enum MHD_Result answer_page(const struct gw_admin *admin, struct MHD_Connection *connection,
                                   const struct gw_page *page) {
    const struct gw_admin_settings *settings = &admin->settings;
    const struct gw_page_view view = {.metrics = {.counters = settings->counters,
                                                  .instance = settings->instance,
                                                  .config_hash = settings->config_hash,
                                                  .workers = settings->workers,
                                                  .has_hub = settings->has_hub},
                                      .now_ns = gw_clock_now_ns(settings->clock),
                                      .wall_ms = gw_clock_wall_ms(settings->clock)};
    struct gw_buffer body;
    gw_buffer_init(&body, &gw_allocator_system, PAGE_BYTES_MAX);
    unsigned code = page->write(&view, &body);
    enum MHD_Result result = body.failed == GW_OK
                                 ? answer(connection, code, page->content_type, gw_buffer_str(&body))
                                 : complain(connection, MHD_HTTP_INTERNAL_SERVER_ERROR, "out of memory\n");
    gw_buffer_free(&body);
    return result;
}

static bool has_body(struct MHD_Connection *connection) {
    const char *length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length");
    return (length && strcmp(length, "0") != 0) ||
           MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Transfer-Encoding");
}

/* Called at the end of a request's headers; what is not wanted is answered before its body is read, which
 * closes the connection. */
static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **request) {
    const struct gw_page *page = gw_page_find(url);
    (void)version, (void)upload;
    *upload_size = 0; /* nothing of a body is kept */
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0) {
        return complain(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD\n");
    }
    if (has_body(connection)) {
        return complain(connection, MHD_HTTP_CONTENT_TOO_LARGE, "no body is wanted\n");
    }
    if (!*request) { /* the first of two calls */
        *request = context;
        return MHD_YES;
    }
    return page ? answer_page(context, connection, page)
                : complain(connection, MHD_HTTP_NOT_FOUND,
                           "there are /, /metrics, /healthz, /readyz and /status\n");
}

/* Clients that break off or send what is no HTTP. */
static void log_client(void *context, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
static void log_client(void *context, const char *format, va_list arguments) {
    char text[256];
    (void)context;
    vsnprintf(text, sizeof text, format, arguments);
    GW_LOG(GW_LOG_DEBUG, "admin", GW_KS("detail", text));
}

/* The daemon takes the socket over. */
static struct MHD_Daemon *start(struct gw_admin *admin, int fd) {
    return MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_ERROR_LOG, 0, NULL, NULL, handle, admin,
                            MHD_OPTION_EXTERNAL_LOGGER, log_client, NULL, /* before all others */
                            MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
                            (unsigned)GW_ADMIN_CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
                            (unsigned)GW_ADMIN_IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                            GW_ADMIN_CONNECTION_BYTES, MHD_OPTION_END);
}

enum gw_status gw_admin_open(const struct gw_admin_settings *settings, struct gw_admin **opened,
                             struct gw_error *error) {
    int fd = -1;
    *opened = NULL;
    struct gw_admin *admin = calloc(1, sizeof *admin);
    if (!admin) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for the admin server");
    }
    admin->settings = *settings;
    enum gw_status status = gw_admin_listen(settings->listen, &fd, admin->address, error);
    if (status == GW_OK) {
        admin->daemon = start(admin, fd);
        status = admin->daemon ? GW_OK : gw_fail_errno(error, "the admin server cannot start");
    }
    if (status != GW_OK) {
        if (fd >= 0) {
            close(fd);
        }
        free(admin);
        return status;
    }
    *opened = admin;
    return GW_OK;
}

const char *gw_admin_address(const struct gw_admin *admin) {
    return admin->address;
}

int gw_admin_fd(const struct gw_admin *admin) {
    return MHD_get_daemon_info(admin->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

int gw_admin_timeout_ms(const struct gw_admin *admin) {
    MHD_UNSIGNED_LONG_LONG timeout_ms;
    bool ends = MHD_get_timeout(admin->daemon, &timeout_ms) == MHD_YES;
    return !ends ? -1 : timeout_ms < GW_ADMIN_IDLE_S * 1000 ? (int)timeout_ms : GW_ADMIN_IDLE_S * 1000;
}

void gw_admin_step(struct gw_admin *admin) {
    MHD_run(admin->daemon);
}

void gw_admin_close(struct gw_admin *admin) {
    if (admin) {
        MHD_stop_daemon(admin->daemon);
        free(admin);
    }
}

/* As a process */

/* Nothing of the main job hangs on these pages, so that a port that is taken stops nothing. */
static struct gw_admin *try_to_open(const struct gw_admin_settings *settings, bool is_first) {
    struct gw_admin *admin;
    struct gw_error error = {0};
    if (gw_admin_open(settings, &admin, &error) == GW_OK) {
        GW_LOG(GW_LOG_INFO, "admin pages", GW_KS("address", gw_admin_address(admin)));
    } else if (is_first) {
        GW_LOG(GW_LOG_ERROR, "no admin pages; everything else goes on, and they are tried again",
               GW_KS("key", "admin.listen"), GW_KS("detail", error.detail));
    }
    return admin;
}

/* False when it is time to end. */
static bool wait_for_work(const struct gw_admin_settings *settings, const struct gw_admin *admin,
                          int signals) {
    struct pollfd fds[] = {{.fd = signals, .events = POLLIN},
                           {.fd = settings->lifeline_fd, .events = POLLIN},
                           {.fd = admin ? gw_admin_fd(admin) : -1, .events = POLLIN}};
    poll(fds, sizeof fds / sizeof fds[0], admin ? gw_admin_timeout_ms(admin) : GW_ADMIN_RETRY_MS);
    return !fds[0].revents && !fds[1].revents;
}

int gw_admin_main(const struct gw_admin_settings *settings) {
    int signals = gw_stop_signals_open();
    signal(SIGPIPE, SIG_IGN);
    if (signals < 0) {
        GW_LOG(GW_LOG_ERROR, "signals cannot be taken");
        return GW_EXIT_SYSTEM;
    }
    struct gw_admin *admin = try_to_open(settings, true);
    while (wait_for_work(settings, admin, signals)) {
        if (admin) {
            gw_admin_step(admin);
        } else {
            admin = try_to_open(settings, false);
        }
    }
    gw_admin_close(admin);
    close(signals);
    return GW_EXIT_DONE;
}
