/* Feeds FramebufferUpdates to the decoders in C, in two ways that must draw the same: in small pieces, and all at once.
 *
 * With clang's libFuzzer this is coverage-guided (tests/fuzz/native.py); compiled with -DREPLAY it plays the files that it is given.
 * An input: a byte that says how small the pieces are, then messages as a server sends them.  Every piece lies in memory of
 * exactly its size, as does the screen, so that the address sanitizer sees a byte too far.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decoders.h"

enum { WIDTH = 40, HEIGHT = 36, SCREEN = WIDTH * HEIGHT * 4, ENDED = 50 };

Engine *hl_new(void);
void hl_free(Engine *);
int hl_screen(Engine *, uint8_t *, int, int, size_t);
void hl_begin(Engine *, int);
int hl_run(Engine *, const uint8_t *, size_t);
int hl_damaged(const Engine *);
void hl_drawn(Engine *);

typedef struct {
    const uint8_t *data;
    size_t size, at, seen, step; /* bytes before `at` are used, those before `seen` have been received */
} Wire;

static int receive(Wire *wire) {
    if (wire->seen == wire->size) return 0;
    wire->seen = wire->size - wire->seen < wire->step ? wire->size : wire->seen + wire->step;
    return 1;
}

static int take(Wire *wire, size_t count) {
    while (wire->seen - wire->at < count)
        if (!receive(wire)) return 0;
    wire->at += count;
    return 1;
}

static int run(Engine *e, Wire *wire) {
    size_t size = wire->seen - wire->at;
    uint8_t *copy = malloc(size ? size : 1);
    memcpy(copy, wire->data + wire->at, size);
    int status = hl_run(e, copy, size);
    free(copy);
    if (e->report.consumed < 0 || (size_t)e->report.consumed > size) abort();
    wire->at += (size_t)e->report.consumed;
    return status;
}

static int by_hand(Engine *e, Wire *wire, uint8_t *screen, int status) {
    Box r = e->report.rect;
    size_t bytes = (size_t)r.w * (size_t)r.h * 4, start = wire->at;
    if (!take(wire, status == RAW ? bytes : status == JPEG ? (size_t)e->report.length : 0)) return ENDED;
    if (status == RAW) memcpy(screen + (size_t)r.y * WIDTH * 4, wire->data + start, bytes);
    if (status != FOREIGN) hl_drawn(e);
    return MORE;
}

static int update(Engine *e, Wire *wire, uint8_t *screen) {
    if (!take(wire, 4) || wire->data[wire->at - 4]) return ENDED;
    hl_begin(e, be16(wire->data + wire->at - 2));
    for (;;) {
        int status = run(e, wire);
        if (status == DONE || status < 0) return status;
        if (status == MORE ? !receive(wire) : by_hand(e, wire, screen, status) == ENDED) return ENDED;
    }
}

static void check_damage(const Engine *e) {
    if (hl_damaged(e) < 0 || hl_damaged(e) > MAX_DAMAGE) abort();
    for (int i = 0; i < hl_damaged(e); i++) {
        Box box = e->damage[i];
        if (box.w < 0 || box.h < 0 || box.x < 0 || box.y < 0 || box.x + box.w > WIDTH || box.y + box.h > HEIGHT) abort();
    }
}

static int play(const uint8_t *data, size_t size, size_t step, uint8_t *screen) {
    Wire wire = {data, size, 0, 0, step};
    Engine *e = hl_new();
    int status;
    if (!hl_screen(e, screen, WIDTH, HEIGHT, WIDTH * 4)) abort();
    do {
        status = update(e, &wire, screen);
        check_damage(e);
    } while (status == DONE);
    hl_free(e);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!size) return 0;
    uint8_t *pieces = calloc(1, SCREEN), *whole = calloc(1, SCREEN);
    int first = play(data + 1, size - 1, (size_t)data[0] + 1, pieces), second = play(data + 1, size - 1, size, whole);
    /* After a fault the two have drawn different parts of what came before it. */
    if (first == ENDED && second == ENDED && memcmp(pieces, whole, SCREEN)) abort();
    if ((first == ENDED) != (second == ENDED)) abort();
    free(pieces);
    free(whole);
    return 0;
}

#ifdef REPLAY
int main(int count, char **names) {
    static uint8_t data[1 << 20];
    for (int i = 1; i < count; i++) {
        FILE *file = fopen(names[i], "rb");
        if (!file) return 2;
        size_t size = fread(data, 1, sizeof data, file);
        fclose(file);
        LLVMFuzzerTestOneInput(data, size);
    }
    printf("%d inputs\n", count - 1);
    return 0;
}
#endif
