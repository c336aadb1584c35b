/* Rectangles that come row by row: raw, and Tight's filters. */
#include <string.h>

#include "decoders.h"

typedef void (*Row)(Engine *e, const uint8_t *data, uint32_t *out, int width);

/* Draws as many whole rows of `bytes` each as there are. */
static size_t draw_rows(Engine *e, const uint8_t *data, size_t size, size_t bytes, Row row) {
    size_t used = 0;
    while (!e->finished && size - used >= bytes) {
        row(e, data + used, pixel_at(e, e->rect.x, e->rect.y + e->row), e->rect.w);
        used += bytes;
        e->finished = ++e->row == e->rect.h;
    }
    return used;
}

static void row_raw(Engine *e, const uint8_t *data, uint32_t *out, int width) {
    (void)e;
    memcpy(out, data, (size_t)width * 4);
}

static void row_rgb(Engine *e, const uint8_t *data, uint32_t *out, int width) {
    (void)e;
    for (int x = 0; x < width; x++) out[x] = from_rgb(data + 3 * x);
}

static void row_bits(Engine *e, const uint8_t *data, uint32_t *out, int width) {
    const uint32_t *palette = e->palette;
    int x = 0;
    for (; x + 8 <= width; x += 8) {
        unsigned bits = data[x >> 3];
        for (int i = 0; i < 8; i++) out[x + i] = palette[bits >> (7 - i) & 1];
    }
    for (; x < width; x++) out[x] = palette[data[x >> 3] >> (7 - (x & 7)) & 1];
}

static void row_places(Engine *e, const uint8_t *data, uint32_t *out, int width) {
    const uint32_t *palette = e->palette;
    for (int x = 0; x < width; x++) out[x] = palette[data[x]];
}

/* Each colour is the difference to left + above - above-left, cut to 0..255. */
static void row_gradient(Engine *e, const uint8_t *data, uint32_t *out, int width) {
    int left[3] = {0, 0, 0}, corner[3] = {0, 0, 0};
    for (int x = 0; x < width; x++) {
        uint8_t *above = e->above + 3 * x;
        for (int c = 0; c < 3; c++) {
            int up = above[c], guess = left[c] + up - corner[c];
            guess = guess < 0 ? 0 : guess > 255 ? 255 : guess;
            corner[c] = up;
            left[c] = (data[3 * x + c] + guess) & 255;
            above[c] = (uint8_t)left[c];
        }
        out[x] = from_rgb(above);
    }
}

size_t draw_raw(Engine *e, const uint8_t *data, size_t size) {
    return draw_rows(e, data, size, (size_t)e->rect.w * 4, row_raw);
}

size_t draw_rgb(Engine *e, const uint8_t *data, size_t size) {
    return draw_rows(e, data, size, (size_t)e->rect.w * 3, row_rgb);
}

size_t draw_bits(Engine *e, const uint8_t *data, size_t size) {
    return draw_rows(e, data, size, ((size_t)e->rect.w + 7) / 8, row_bits);
}

size_t draw_places(Engine *e, const uint8_t *data, size_t size) {
    return draw_rows(e, data, size, (size_t)e->rect.w, row_places);
}

size_t draw_gradient(Engine *e, const uint8_t *data, size_t size) {
    return draw_rows(e, data, size, (size_t)e->rect.w * 3, row_gradient);
}

void draw_solid(Engine *e, Box box, uint32_t colour) {
    for (int y = 0; y < box.h; y++) fill(pixel_at(e, box.x, box.y + y), (size_t)box.w, colour);
}

/* Moves pixels within the screen to e->rect; source and target may overlap, both lie within. */
void move_pixels(Engine *e, int from_x, int from_y) {
    size_t bytes = (size_t)e->rect.w * 4;
    int down = e->rect.y > from_y;
    for (int i = 0; i < e->rect.h; i++) {
        int y = down ? e->rect.h - 1 - i : i;
        memmove(pixel_at(e, e->rect.x, e->rect.y + y), pixel_at(e, from_x, from_y + y), bytes);
    }
}
