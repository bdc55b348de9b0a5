/* The data set Chinook as C models. */
#ifndef MODELS_CHINOOK_H
#define MODELS_CHINOOK_H

#include "ignis.h"

typedef struct Artist Artist;
typedef struct Album Album;
typedef struct Genre Genre;
typedef struct MediaType MediaType;
typedef struct Track Track;
typedef struct Playlist Playlist;
typedef struct PlaylistTrack PlaylistTrack;
typedef struct Employee Employee;
typedef struct Customer Customer;
typedef struct Invoice Invoice;
typedef struct InvoiceLine InvoiceLine;

struct Artist {
    int32_t artist_id;
    const char *name;
    Album *albums;
    size_t albums_count;
};

struct Album {
    int32_t album_id;
    const char *title;
    int32_t artist_id;
    Artist *artist;
    Track *tracks;
    size_t tracks_count;
};

struct Genre {
    int32_t genre_id;
    const char *name;
    Track *tracks;
    size_t tracks_count;
};

struct MediaType {
    int32_t media_type_id;
    const char *name;
    Track *tracks;
    size_t tracks_count;
};

struct Track {
    int32_t track_id;
    const char *name;
    ignis_maybe_int32 album_id;
    int32_t media_type_id;
    ignis_maybe_int32 genre_id;
    const char *composer;
    int32_t milliseconds;
    ignis_maybe_int32 bytes;
    ignis_numeric unit_price;
    Album *album;
    Genre *genre;
    MediaType *media_type;
    PlaylistTrack *playlist_tracks;
    size_t playlist_tracks_count;
    InvoiceLine *invoice_lines;
    size_t invoice_lines_count;
};

struct Playlist {
    int32_t playlist_id;
    const char *name;
    PlaylistTrack *playlist_tracks;
    size_t playlist_tracks_count;
};

struct PlaylistTrack {
    int32_t playlist_id;
    int32_t track_id;
    Playlist *playlist;
    Track *track;
};

struct Employee {
    int32_t employee_id;
    const char *last_name;
    const char *first_name;
    const char *title;
    ignis_maybe_int32 reports_to;
    ignis_maybe_timestamp birth_date;
    ignis_maybe_timestamp hire_date;
    const char *address;
    const char *city;
    const char *state;
    const char *country;
    const char *postal_code;
    const char *phone;
    const char *fax;
    const char *email;
    Employee *manager;
    Employee *reports;
    size_t reports_count;
    Customer *customers;
    size_t customers_count;
};

struct Customer {
    int32_t customer_id;
    const char *first_name;
    const char *last_name;
    const char *company;
    const char *address;
    const char *city;
    const char *state;
    const char *country;
    const char *postal_code;
    const char *phone;
    const char *fax;
    const char *email;
    ignis_maybe_int32 support_rep_id;
    Employee *support_rep;
    Invoice *invoices;
    size_t invoices_count;
};

struct Invoice {
    int32_t invoice_id;
    int32_t customer_id;
    ignis_timestamp invoice_date;
    const char *billing_address;
    const char *billing_city;
    const char *billing_state;
    const char *billing_country;
    const char *billing_postal_code;
    ignis_numeric total;
    Customer *customer;
    InvoiceLine *lines;
    size_t lines_count;
};

struct InvoiceLine {
    int32_t invoice_line_id;
    int32_t invoice_id;
    int32_t track_id;
    ignis_numeric unit_price;
    int32_t quantity;
    Invoice *invoice;
    Track *track;
};

IGNIS_MODEL_DECLARE(Artist);
IGNIS_MODEL_DECLARE(Album);
IGNIS_MODEL_DECLARE(Genre);
IGNIS_MODEL_DECLARE(MediaType);
IGNIS_MODEL_DECLARE(Track);
IGNIS_MODEL_DECLARE(Playlist);
IGNIS_MODEL_DECLARE(PlaylistTrack);
IGNIS_MODEL_DECLARE(Employee);
IGNIS_MODEL_DECLARE(Customer);
IGNIS_MODEL_DECLARE(Invoice);
IGNIS_MODEL_DECLARE(InvoiceLine);

IGNIS_REPOSITORY_KEY(ArtistRepository, Artist, artist_id);
IGNIS_REPOSITORY_KEY(AlbumRepository, Album, album_id);
IGNIS_REPOSITORY_KEY(GenreRepository, Genre, genre_id);
IGNIS_REPOSITORY_KEY(MediaTypeRepository, MediaType, media_type_id);
IGNIS_REPOSITORY_KEY(TrackRepository, Track, track_id);
IGNIS_REPOSITORY_KEY(PlaylistRepository, Playlist, playlist_id);
IGNIS_REPOSITORY_KEYS(PlaylistTrackRepository, PlaylistTrack);
IGNIS_REPOSITORY_KEY(EmployeeRepository, Employee, employee_id);
IGNIS_REPOSITORY_KEY(CustomerRepository, Customer, customer_id);
IGNIS_REPOSITORY_KEY(InvoiceRepository, Invoice, invoice_id);
IGNIS_REPOSITORY_KEY(InvoiceLineRepository, InvoiceLine, invoice_line_id);

#endif
