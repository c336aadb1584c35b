/* Hextile: tiles of 16x16 made of coloured rectangles (RFC 6143, 7.7.4). */
#include <string.h>

#include "decoders.h"

enum { IS_RAW = 1, BACKGROUND = 2, FOREGROUND = 4, PARTS = 8, COLOURED = 16 };

/* One tile's bytes, as far as they are there. */
typedef struct {
    uint32_t background, foreground;
    const uint8_t *parts;
    size_t count, step;
    size_t size; /* of the whole tile; 0: not all there */
} Tile;

static Tile read_tile(const Engine *e, const uint8_t *data, size_t size) {
    Tile tile = {e->background, e->foreground, NULL, 0, data[0] & COLOURED ? 6 : 2, 0};
    size_t at = 1;
    size_t head = 1u + (data[0] & BACKGROUND ? 4u : 0) + (data[0] & FOREGROUND ? 4u : 0) + (data[0] & PARTS ? 1u : 0);
    if (size < head) return tile;
    if (data[0] & BACKGROUND) tile.background = from_bgrx(data + at), at += 4;
    if (data[0] & FOREGROUND) tile.foreground = from_bgrx(data + at), at += 4;
    if (data[0] & PARTS) tile.count = data[at++];
    tile.parts = data + at;
    if (size - at >= tile.count * tile.step) tile.size = at + tile.count * tile.step;
    return tile;
}

static int draw_parts(Engine *e, const Tile *tile, Box box) {
    const uint8_t *part = tile->parts;
    for (size_t i = 0; i < tile->count; i++, part += tile->step) {
        uint32_t colour = tile->step == 6 ? from_bgrx(part) : tile->foreground;
        int place = part[tile->step - 2], side = part[tile->step - 1];
        Box inner = {place >> 4, place & 15, (side >> 4) + 1, (side & 15) + 1};
        if (inner.x + inner.w > box.w || inner.y + inner.h > box.h) return BAD_PART;
        inner.x += box.x;
        inner.y += box.y;
        draw_solid(e, inner, colour);
    }
    return 0;
}

static size_t raw_tile(Engine *e, const uint8_t *data, size_t size, Box box) {
    size_t row = (size_t)box.w * 4, whole = 1 + row * (size_t)box.h;
    if (size < whole) return 0;
    for (int y = 0; y < box.h; y++) memcpy(pixel_at(e, box.x, box.y + y), data + 1 + row * (size_t)y, row);
    return whole;
}

static size_t one_tile(Engine *e, const uint8_t *data, size_t size, Box box) {
    if (!size) return 0;
    if (data[0] & IS_RAW) return raw_tile(e, data, size, box);
    Tile tile = read_tile(e, data, size);
    if (!tile.size) return 0;
    e->background = tile.background;
    e->foreground = tile.foreground;
    draw_solid(e, box, tile.background);
    e->problem = draw_parts(e, &tile, box);
    return tile.size;
}

size_t draw_hextile(Engine *e, const uint8_t *data, size_t size) {
    size_t used = 0;
    Box box;
    while (!e->problem && next_tile(e, &box)) {
        size_t taken = one_tile(e, data + used, size - used, box);
        if (!taken) break;
        used += taken;
        e->tx += e->side;
    }
    return used;
}
