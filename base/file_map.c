/* Files as slices: mapped, or read whole. */
#include "base/file_map.h"

#include "base/buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_STEP ((size_t)16 << 10)

/* Opens `path` or says why not. -1 on failure. */
static int open_for_reading(const char *path, struct gw_error *error) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        gw_fail_errno(error, "cannot open %s", path);
    }
    return fd;
}

static enum gw_status map_descriptor(struct gw_file_map *map, int fd, const char *path,
                                     struct gw_error *error) {
    struct stat about;
    if (fstat(fd, &about) != 0) {
        return gw_fail_errno(error, "cannot examine %s", path);
    }
    if (!S_ISREG(about.st_mode)) {
        return gw_fail(error, GW_SYSTEM, GW_NO_POSITION, "%s is not a regular file", path);
    }
    if (about.st_size == 0) {
        return gw_fail(error, GW_EMPTY, GW_NO_POSITION, "%s is empty", path);
    }
    void *bytes = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_SHARED, fd, 0);
    if (bytes == MAP_FAILED) {
        return gw_fail_errno(error, "cannot map %s", path);
    }
    map->bytes = (struct gw_str){bytes, (size_t)about.st_size};
    return GW_OK;
}

enum gw_status gw_file_map_open(struct gw_file_map *map, const char *path, struct gw_error *error) {
    map->bytes = (struct gw_str){NULL, 0};
    int fd = open_for_reading(path, error);
    if (fd < 0) {
        return GW_SYSTEM;
    }
    enum gw_status status = map_descriptor(map, fd, path, error);
    close(fd);
    return status;
}

void gw_file_map_close(struct gw_file_map *map) {
    if (map->bytes.data) {
        munmap((void *)map->bytes.data, map->bytes.size);
    }
    map->bytes = (struct gw_str){NULL, 0};
}

/* One read(2), begun again when a signal cut in. */
static ssize_t read_some(int fd, void *to, size_t size) {
    ssize_t got;
    do {
        got = read(fd, to, size);
    } while (got < 0 && errno == EINTR);
    return got;
}

/* Reads until the end, up to the buffer's limit; one byte beyond it is too large. */
static enum gw_status read_all(int fd, struct gw_buffer *into, const char *path, struct gw_error *error) {
    for (;;) {
        char beyond;
        size_t room = into->limit - into->size;
        size_t step = room < READ_STEP ? room : READ_STEP;
        uint8_t *to = gw_buffer_reserve(into, step);
        if (!to) {
            return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for %s", path);
        }
        ssize_t got = step == 0 ? read_some(fd, &beyond, 1) : read_some(fd, to, step);
        if (got < 0) {
            return gw_fail_errno(error, "cannot read %s", path);
        }
        if (got == 0) {
            return GW_OK;
        }
        if (step == 0) {
            return gw_fail(error, GW_TOO_LARGE, GW_NO_POSITION, "%s is larger than %zu bytes", path,
                           into->limit);
        }
        into->size += (size_t)got;
    }
}

enum gw_status gw_file_read(const char *path, size_t limit, struct gw_str *out, struct gw_error *error) {
    struct gw_buffer buffer;
    gw_buffer_init(&buffer, &gw_allocator_system, limit);
    *out = (struct gw_str){NULL, 0};
    int fd = open_for_reading(path, error);
    if (fd < 0) {
        return GW_SYSTEM;
    }
    enum gw_status status = read_all(fd, &buffer, path, error);
    close(fd);
    if (status != GW_OK) {
        gw_buffer_free(&buffer);
        return status;
    }
    /* The buffer always has a spare byte behind its capacity. */
    buffer.data[buffer.size] = '\0';
    *out = gw_buffer_str(&buffer);
    return GW_OK;
}
