/* ZRLE and TRLE: tiles that are plain, solid, packed by a palette, or runs (RFC 6143, 7.7.5 and 7.7.6). */
#include "decoders.h"

#define BAD SIZE_MAX

enum { SOLID = 1, PACKED_MAX = 16, PACKED_AGAIN = 127, RUNS = 128, PALETTE_RUNS_AGAIN = 129 };

/* The tile at e->tx, e->ty, smaller at the edges; 0 after the last one, and e->finished is set. */
int next_tile(Engine *e, Box *tile) {
    if (e->tx >= e->rect.w) {
        e->tx = 0;
        e->ty += e->side;
    }
    if (e->ty >= e->rect.h) {
        e->finished = 1;
        return 0;
    }
    int w = e->rect.w - e->tx, h = e->rect.h - e->ty;
    *tile = (Box){e->rect.x + e->tx, e->rect.y + e->ty, w < e->side ? w : e->side, h < e->side ? h : e->side};
    return 1;
}

static size_t plain(Engine *e, const uint8_t *data, size_t size, Box box) {
    size_t row = (size_t)box.w * 3;
    if (size < row * (size_t)box.h) return 0;
    for (int y = 0; y < box.h; y++, data += row) {
        uint32_t *out = pixel_at(e, box.x, box.y + y);
        for (int x = 0; x < box.w; x++) out[x] = from_bgr(data + 3 * x);
    }
    return row * (size_t)box.h;
}

/* Reads `count` colours; what a tile may name beyond them, up to `room`, is black. */
static void read_palette(Engine *e, const uint8_t *data, int count, int room) {
    for (int i = 0; i < count; i++) e->palette[i] = from_bgr(data + 3 * i);
    for (int i = count; i < room; i++) e->palette[i] = 0xff000000u;
    e->colours = count;
}

static void packed_row(const uint32_t *palette, const uint8_t *data, uint32_t *out, int width, int bits) {
    int each = 8 / bits, x = 0;
    unsigned mask = (1u << bits) - 1;
    for (; x + each <= width; x += each) {
        unsigned byte = *data++;
        if (bits == 1) {
            for (int i = 0; i < 8; i++) out[x + i] = palette[byte >> (7 - i) & 1];
        } else if (bits == 2) {
            for (int i = 0; i < 4; i++) out[x + i] = palette[byte >> (6 - 2 * i) & 3];
        } else {
            out[x] = palette[byte >> 4];
            out[x + 1] = palette[byte & 15];
        }
    }
    for (int shift = 8 - bits; x < width; x++, shift -= bits) out[x] = palette[*data >> shift & mask];
}

static size_t packed(Engine *e, const uint8_t *data, size_t size, Box box) {
    int bits = e->colours == 2 ? 1 : e->colours <= 4 ? 2 : 4;
    size_t row = ((size_t)box.w * (size_t)bits + 7) / 8;
    if (size < row * (size_t)box.h) return 0;
    for (int y = 0; y < box.h; y++) packed_row(e->palette, data + row * (size_t)y, pixel_at(e, box.x, box.y + y), box.w, bits);
    return row * (size_t)box.h;
}

/* Where the next run begins. */
typedef struct {
    int x, y;
    size_t left; /* pixels of the tile that are not drawn */
} Place;

static void draw_run(Engine *e, Box box, Place *place, uint32_t colour, size_t length) {
    place->left -= length;
    while (length) {
        size_t room = (size_t)(box.w - place->x), now = length < room ? length : room;
        fill(pixel_at(e, box.x + place->x, box.y + place->y), now, colour);
        length -= now;
        place->x += (int)now;
        if (place->x == box.w) place->x = 0, place->y++;
    }
}

/* The length at data[*at]; 0: not all there, BAD: longer than what is left. */
static size_t run_length(const uint8_t *data, size_t size, size_t *at, size_t left) {
    size_t length = 1;
    uint8_t byte;
    do {
        if (*at >= size) return 0;
        byte = data[(*at)++];
        length += byte;
        if (length > left) return BAD;
    } while (byte == 255);
    return length;
}

static size_t runs(Engine *e, const uint8_t *data, size_t size, Box box) {
    Place place = {0, 0, (size_t)box.w * (size_t)box.h};
    size_t at = 0;
    while (place.left) {
        if (size - at < 4) return 0;
        uint32_t colour = from_bgr(data + at);
        at += 3;
        size_t length = run_length(data, size, &at, place.left);
        if (!length || length == BAD) return length;
        draw_run(e, box, &place, colour, length);
    }
    return at;
}

static size_t palette_runs(Engine *e, const uint8_t *data, size_t size, Box box) {
    Place place = {0, 0, (size_t)box.w * (size_t)box.h};
    size_t at = 0;
    while (place.left) {
        if (at >= size) return 0;
        uint8_t byte = data[at++];
        size_t length = byte & 128 ? run_length(data, size, &at, place.left) : 1;
        if (!length || length == BAD) return length;
        draw_run(e, box, &place, e->palette[byte & 127], length);
    }
    return at;
}

typedef size_t (*Rest)(Engine *e, const uint8_t *data, size_t size, Box box);

/* A palette of `count` colours, then what `rest` reads. */
static size_t with_palette(Engine *e, const uint8_t *data, size_t size, Box box, int count, Rest rest) {
    size_t bytes = (size_t)count * 3;
    if (size < bytes) return 0;
    read_palette(e, data, count, rest == packed && e->side == 64 ? PACKED_MAX : 128);
    size_t used = rest(e, data + bytes, size - bytes, box);
    return used && used != BAD ? bytes + used : used;
}

static size_t solid(Engine *e, const uint8_t *data, size_t size, Box box) {
    if (size < 3) return 0;
    draw_solid(e, box, from_bgr(data));
    return 3;
}

/* TRLE only: the palette of an earlier tile of the rectangle. */
static size_t with_palette_again(Engine *e, const uint8_t *data, size_t size, Box box, Rest rest) {
    int fits = e->side == 16 && e->colours >= 2 && (rest != packed || e->colours <= PACKED_MAX);
    return fits ? rest(e, data, size, box) : BAD;
}

static size_t body(Engine *e, int kind, const uint8_t *data, size_t size, Box box) {
    if (kind == 0) return plain(e, data, size, box);
    if (kind == SOLID) return solid(e, data, size, box);
    if (kind <= PACKED_MAX) return with_palette(e, data, size, box, kind, packed);
    if (kind == PACKED_AGAIN) return with_palette_again(e, data, size, box, packed);
    if (kind == RUNS) return runs(e, data, size, box);
    if (kind == PALETTE_RUNS_AGAIN) return with_palette_again(e, data, size, box, palette_runs);
    return kind > PALETTE_RUNS_AGAIN ? with_palette(e, data, size, box, kind - 128, palette_runs) : BAD;
}

size_t draw_zrle(Engine *e, const uint8_t *data, size_t size) {
    size_t used = 0;
    Box box;
    while (next_tile(e, &box)) {
        size_t taken = size > used ? body(e, data[used], data + used + 1, size - used - 1, box) : 0;
        if (taken == BAD) {
            e->problem = BAD_TILE;
            break;
        }
        if (!taken) break;
        used += 1 + taken;
        e->tx += e->side;
    }
    return used;
}
