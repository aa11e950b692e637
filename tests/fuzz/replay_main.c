/* Runs a fuzz target over files, and over the files of directories, given on the command line: a build
 * without libFuzzer replays its corpus this way. Fails when there was nothing to replay. */
#include "base/file_map.h"
#include "fuzz/fuzz.h"

#include <dirent.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#define INPUT_MAX ((size_t)64 << 20)

/* A copy of exactly the file's size, so that a read beyond its end is seen by the sanitizer. */
static void replay_file(const char *path) {
    struct gw_error error;
    struct gw_str bytes;
    if (gw_file_read(path, INPUT_MAX, &bytes, &error) != GW_OK) {
        fprintf(stderr, "%s\n", error.detail);
        exit(1);
    }
    uint8_t *copy = malloc(bytes.size);
    FUZZ_CHECK(copy || bytes.size == 0);
    if (bytes.size > 0) {
        memcpy(copy, bytes.data, bytes.size);
    }
    free((void *)bytes.data);
    LLVMFuzzerTestOneInput(copy, bytes.size);
    free(copy);
}

static int is_visible(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

static size_t replay_directory(const char *path) {
    struct dirent **entries;
    int count = scandir(path, &entries, is_visible, alphasort);
    if (count < 0) {
        perror(path);
        exit(1);
    }
    for (int i = 0; i < count; i++) {
        char file[PATH_MAX];
        int size = snprintf(file, sizeof file, "%s/%s", path, entries[i]->d_name);
        FUZZ_CHECK(size > 0 && (size_t)size < sizeof file);
        replay_file(file);
        free(entries[i]);
    }
    free(entries);
    return (size_t)count;
}

static size_t replay(const char *path) {
    struct stat about;
    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode)) {
        return replay_directory(path);
    }
    replay_file(path);
    return 1;
}

int main(int argc, char **argv) {
    size_t inputs = 0;
    for (int i = 1; i < argc; i++) {
        inputs += replay(argv[i]);
    }
    printf("%zu inputs replayed\n", inputs);
    return inputs > 0 ? 0 : 1;
}
