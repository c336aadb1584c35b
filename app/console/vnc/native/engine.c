/* Rectangles of an update, one after the other: what each is, and which decoder draws it. */
#include "decoders.h"

#include <stdlib.h>
#include <string.h>

#define PUBLIC __attribute__((visibility("default")))

enum encoding { ENC_RAW = 0, ENC_COPY = 1, ENC_HEXTILE = 5, ENC_ZLIB = 6, ENC_TIGHT = 7, ENC_TRLE = 15, ENC_ZRLE = 16 };
enum stage { AT_RECTANGLE, AT_COPY, AT_TIGHT, AT_LENGTH, AT_PLAIN, AT_PACKED, AT_JPEG };
enum { STREAM_ZLIB = 4, STREAM_ZRLE = 5, STREAMS = 6 };
enum { FILL = 8, IS_JPEG = 9, FILTER_COPY = 0, FILTER_PALETTE = 1, FILTER_GRADIENT = 2 };
enum { DIRECT = 64 * 1024, SMALLEST_PACKED = 12, LARGEST_HELD = 128 * 1024, TJPF_BGRX = 3, FAST_DCT = 2048 };
enum { GO = 100 };
/* A step that used bytes; every other answer is a status. */

typedef struct {
    const uint8_t *at, *end;
} Input;

static size_t rest(const Input *in) { return (size_t)(in->end - in->at); }

PUBLIC int hl_abi(void) { return ABI; }

PUBLIC Engine *hl_new(void) { return calloc(1, sizeof(Engine)); }

PUBLIC void hl_free(Engine *e) {
    for (int i = 0; i < STREAMS; i++) stream_close(&e->streams[i]);
    free(e);
}

PUBLIC Report *hl_report(Engine *e) { return &e->report; }

PUBLIC Box *hl_damage(Engine *e) { return e->damage; }

/* Where to draw from now on; 0 if the size makes no sense.  Forgets the damage. */
PUBLIC int hl_screen(Engine *e, uint8_t *pixels, int width, int height, size_t stride) {
    if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE || stride < (size_t)width * 4 ||
        (stride | (uintptr_t)pixels) % 4) return 0;
    e->pixels = pixels;
    e->width = width;
    e->height = height;
    e->stride = stride;
    e->damaged = 0;
    return 1;
}

/* TurboJPEG's decompressor and functions; without them JPEG is left to the caller. */
PUBLIC void hl_jpeg(Engine *e, void *handle, JpegHeader header, JpegDraw draw, JpegError error) {
    e->jpeg = handle;
    e->jpeg_header = header;
    e->jpeg_draw = draw;
    e->jpeg_error = error;
}

/* An update of `count` rectangles begins. */
PUBLIC void hl_begin(Engine *e, int count) {
    e->left = count;
    e->stage = AT_RECTANGLE;
    e->damaged = 0;
}

/* How many boxes hl_damage has; they are forgotten at the next hl_begin. */
PUBLIC int hl_damaged(const Engine *e) { return e->damaged; }

static Box united(Box a, Box b) {
    int right = a.x + a.w > b.x + b.w ? a.x + a.w : b.x + b.w, bottom = a.y + a.h > b.y + b.h ? a.y + a.h : b.y + b.h;
    int x = a.x < b.x ? a.x : b.x, y = a.y < b.y ? a.y : b.y;
    return (Box){x, y, right - x, bottom - y};
}

static int64_t area(Box box) { return (int64_t)box.w * box.h; }

/* Whether the last two boxes make one without a gap or an overlap; full lists are joined in any case. */
static int joins(const Engine *e) {
    if (e->damaged < 2) return 0;
    Box a = e->damage[e->damaged - 2], b = e->damage[e->damaged - 1];
    return e->damaged == MAX_DAMAGE || area(united(a, b)) == area(a) + area(b);
}

static void add_damage(Engine *e, Box box) {
    e->damage[e->damaged++] = box;
    while (joins(e)) {
        e->damage[e->damaged - 2] = united(e->damage[e->damaged - 2], e->damage[e->damaged - 1]);
        e->damaged--;
    }
}

/* The caller has drawn the rectangle of the report. */
PUBLIC void hl_drawn(Engine *e) { add_damage(e, e->report.rect); }

static int finish(Engine *e) {
    add_damage(e, e->rect);
    e->stage = AT_RECTANGLE;
    return GO;
}

/* The rectangle's pixels follow as they are. */
static int follow(Engine *e, Draw draw, int side) {
    e->draw = draw;
    e->side = side;
    e->stage = AT_PLAIN;
    return GO;
}

/* The rectangle's pixels follow in `need` bytes of a stream. */
static int follow_packed(Engine *e, Draw draw, int stream, size_t surplus) {
    e->draw = draw;
    e->stream = &e->streams[stream];
    e->surplus = surplus;
    e->filled = 0;
    e->stage = AT_PACKED;
    return stream_open(e->stream) ? GO : NO_MEMORY;
}

static int hand_out(Engine *e, int status, size_t length) {
    e->report.length = (int32_t)length;
    e->stage = AT_RECTANGLE;
    return status;
}

static int begin_pixels(Engine *e, int32_t encoding) {
    switch (encoding) {
    case ENC_RAW:
        if ((size_t)e->rect.w * 4 == e->stride && area(e->rect) * 4 > DIRECT) return hand_out(e, RAW, 0);
        return follow(e, draw_raw, 0);
    case ENC_HEXTILE:
        return follow(e, draw_hextile, 16);
    case ENC_TRLE:
        return follow(e, draw_zrle, 16);
    case ENC_COPY:
        e->stage = AT_COPY;
        return GO;
    case ENC_TIGHT:
        e->stage = AT_TIGHT;
        return GO;
    default:
        e->stage = AT_LENGTH;
        return GO;
    }
}

static int is_ours(int32_t encoding) {
    return encoding == ENC_RAW || encoding == ENC_COPY || (encoding >= ENC_HEXTILE && encoding <= ENC_TIGHT) ||
           encoding == ENC_TRLE || encoding == ENC_ZRLE;
}

static int step_rectangle(Engine *e, Input *in) {
    if (!e->left) return DONE;
    if (rest(in) < 12) return MORE;
    const uint8_t *p = in->at;
    e->rect = e->report.rect = (Box){be16(p), be16(p + 2), be16(p + 4), be16(p + 6)};
    e->report.encoding = (int32_t)be32(p + 8);
    in->at += 12;
    e->left--;
    if (!is_ours(e->report.encoding)) return FOREIGN;
    if (e->rect.x + e->rect.w > e->width || e->rect.y + e->rect.h > e->height) return BAD_PLACE;
    if (!e->rect.w || !e->rect.h) return GO;
    e->finished = e->problem = e->row = e->tx = e->ty = e->colours = 0;
    e->background = e->foreground = 0xff000000u;
    return begin_pixels(e, e->report.encoding);
}

static int step_copy(Engine *e, Input *in) {
    if (rest(in) < 4) return MORE;
    int x = be16(in->at), y = be16(in->at + 2);
    if (x + e->rect.w > e->width || y + e->rect.h > e->height) return BAD_COPY;
    in->at += 4;
    move_pixels(e, x, y);
    return finish(e);
}

/* Zlib and ZRLE: the length of what follows, which is bounded by the worst that the pixels can need. */
static int step_length(Engine *e, Input *in) {
    if (rest(in) < 4) return MORE;
    int is_zlib = e->report.encoding == ENC_ZLIB;
    uint64_t tiles = (uint64_t)((e->rect.w + 63) / 64) * (uint64_t)((e->rect.h + 63) / 64);
    uint64_t limit = (uint64_t)area(e->rect) * 4 + (is_zlib ? 0 : tiles * 382);
    e->need = be32(in->at);
    in->at += 4;
    e->side = 64;
    if (e->need > limit + limit / 64 + 1024) return BAD_LENGTH;
    return is_zlib ? follow_packed(e, draw_raw, STREAM_ZLIB, 0) : follow_packed(e, draw_zrle, STREAM_ZRLE, PANE);
}

static int step_plain(Engine *e, Input *in) {
    in->at += e->draw(e, in->at, rest(in));
    if (e->problem) return e->problem;
    return e->finished ? finish(e) : MORE;
}

static int step_packed(Engine *e, Input *in) {
    size_t now = rest(in) < e->need ? rest(in) : e->need;
    int problem = now ? pour(e, in->at, now) : 0;
    in->at += now;
    e->need -= (uint32_t)now;
    if (problem) return problem;
    if (e->need) return MORE;
    return e->finished && !e->filled ? finish(e) : TOO_LITTLE;
}

/* Seven bits, seven bits, eight bits; the high bit says that more follows.  0 if it is not all there. */
static int compact_length(Input *in, uint32_t *length) {
    *length = 0;
    for (int shift = 0; shift <= 14; shift += 7) {
        if (in->at == in->end) return 0;
        uint8_t byte = *in->at++;
        if (shift == 14) {
            *length |= (uint32_t)byte << 14;
        } else {
            *length |= (uint32_t)(byte & 127) << shift;
            if (!(byte & 128)) break;
        }
    }
    return 1;
}

static int step_jpeg(Engine *e, Input *in) {
    if (rest(in) < e->need) return MORE;
    int w = 0, h = 0, sampling, colours;
    const uint8_t *data = in->at;
    in->at += e->need;
    if (e->jpeg_header(e->jpeg, data, e->need, &w, &h, &sampling, &colours) || w != e->rect.w || h != e->rect.h) return BAD_JPEG;
    uint8_t *out = (uint8_t *)pixel_at(e, e->rect.x, e->rect.y);
    /* Code 0 is a warning (a picture cut short): what there was has been drawn. */
    if (e->jpeg_draw(e->jpeg, data, e->need, out, w, (int)e->stride, h, TJPF_BGRX, FAST_DCT) && e->jpeg_error(e->jpeg)) return BAD_JPEG;
    return finish(e);
}

static int tight_jpeg(Engine *e, Input *in) {
    if (!compact_length(in, &e->need)) return MORE;
    if (!e->jpeg || e->need > LARGEST_HELD) return hand_out(e, JPEG, e->need);
    e->stage = AT_JPEG;
    return GO;
}

static int tight_fill(Engine *e, Input *in) {
    if (rest(in) < 3) return MORE;
    draw_solid(e, e->rect, from_rgb(in->at));
    in->at += 3;
    return finish(e);
}

/* Reads the palette, if all of it is there; gives the bytes of a row, or 0. */
static size_t tight_palette(Engine *e, Input *in) {
    int count = rest(in) ? *in->at + 1 : 257;
    if (rest(in) < 1 + (size_t)count * 3) return 0;
    in->at++;
    for (int i = 0; i < count; i++, in->at += 3) e->palette[i] = from_rgb(in->at);
    for (int i = count; i < 256; i++) e->palette[i] = 0xff000000u;
    e->draw = count <= 2 ? draw_bits : draw_places;
    return count <= 2 ? ((size_t)e->rect.w + 7) / 8 : (size_t)e->rect.w;
}

/* Reads the filter; gives the bytes of a row, or 0 if it is not all there or (e->problem) unknown. */
static size_t tight_filter(Engine *e, Input *in, int control) {
    int filter = FILTER_COPY;
    if (control & 0x40) {
        if (!rest(in)) return 0;
        filter = *in->at++;
    }
    if (filter == FILTER_PALETTE) return tight_palette(e, in);
    if (filter > FILTER_GRADIENT) e->problem = BAD_TIGHT;
    e->draw = filter == FILTER_COPY ? draw_rgb : draw_gradient;
    return e->problem ? 0 : (size_t)e->rect.w * 3;
}

static int tight_basic(Engine *e, Input *in, int control) {
    size_t row = tight_filter(e, in, control);
    if (!row) return e->problem ? e->problem : MORE;
    if (e->draw == draw_gradient) memset(e->above, 0, (size_t)e->rect.w * 3);
    if (row * (size_t)e->rect.h < SMALLEST_PACKED) return follow(e, e->draw, 0);
    if (!compact_length(in, &e->need)) return MORE;
    return follow_packed(e, e->draw, control >> 4 & 3, 0);
}

/* All of the rectangle's head, or nothing of it. */
static int step_tight(Engine *e, Input *in) {
    if (!rest(in)) return MORE;
    Input ahead = {in->at + 1, in->end};
    int control = *in->at, kind = control >> 4, result;
    /* Before the streams are used below; doing it again when more bytes have come makes no difference. */
    for (int i = 0; i < 4; i++)
        if (control >> i & 1) stream_reset(&e->streams[i]);
    if (kind == FILL) {
        result = tight_fill(e, &ahead);
    } else if (kind == IS_JPEG) {
        result = tight_jpeg(e, &ahead);
    } else {
        result = kind > IS_JPEG ? BAD_TIGHT : tight_basic(e, &ahead, control);
    }
    if (result != MORE) in->at = ahead.at;
    return result;
}

static int step(Engine *e, Input *in) {
    switch (e->stage) {
    case AT_RECTANGLE:
        return step_rectangle(e, in);
    case AT_COPY:
        return step_copy(e, in);
    case AT_TIGHT:
        return step_tight(e, in);
    case AT_LENGTH:
        return step_length(e, in);
    case AT_PLAIN:
        return step_plain(e, in);
    case AT_PACKED:
        return step_packed(e, in);
    default:
        return step_jpeg(e, in);
    }
}

/* Goes on with the update; gives why it stopped.  After a problem only hl_free is allowed. */
PUBLIC int hl_run(Engine *e, const uint8_t *data, size_t size) {
    Input in = {data, data + size};
    int result;
    do {
        result = step(e, &in);
    } while (result == GO);
    e->report.consumed = (int32_t)(in.at - data);
    return result;
}
