#include "models/chinook.h"

IGNIS_MODEL(Artist,
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(Artist, artist_id, .column = "ArtistId", .primary_key = true),
        IGNIS_COLUMN(Artist, name, .column = "Name", .type = IGNIS_TYPE_VARCHAR, .length = 120)),
    .relations = IGNIS_RELATIONS(IGNIS_MANY(Artist, albums, Album, artist)));

IGNIS_MODEL(Album,
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(Album, album_id, .column = "AlbumId", .primary_key = true),
        IGNIS_COLUMN(Album, title, .column = "Title", .type = IGNIS_TYPE_VARCHAR, .length = 160,
                     .not_null = true),
        IGNIS_COLUMN(Album, artist_id, .column = "ArtistId", .not_null = true)),
    .indexes = IGNIS_CONSTRAINTS(IGNIS_INDEX("IFK_Album_ArtistId", Album, artist_id)),
    .foreign_keys = IGNIS_CONSTRAINTS(
        IGNIS_FOREIGN_KEY("FK_Album_ArtistId", Album, artist_id, Artist, artist_id)),
    .relations = IGNIS_RELATIONS(
        IGNIS_ONE(Album, artist, Artist, artist_id, artist_id),
        IGNIS_MANY(Album, tracks, Track, album)));

IGNIS_MODEL(Genre,
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(Genre, genre_id, .column = "GenreId", .primary_key = true),
        IGNIS_COLUMN(Genre, name, .column = "Name", .type = IGNIS_TYPE_VARCHAR, .length = 120)),
    .relations = IGNIS_RELATIONS(IGNIS_MANY(Genre, tracks, Track, genre)));

IGNIS_MODEL(MediaType,
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(MediaType, media_type_id, .column = "MediaTypeId", .primary_key = true),
        IGNIS_COLUMN(MediaType, name, .column = "Name", .type = IGNIS_TYPE_VARCHAR,
                     .length = 120)),
    .relations = IGNIS_RELATIONS(IGNIS_MANY(MediaType, tracks, Track, media_type)));

IGNIS_MODEL(Track,
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(Track, track_id, .column = "TrackId", .primary_key = true),
        IGNIS_COLUMN(Track, name, .column = "Name", .type = IGNIS_TYPE_VARCHAR, .length = 200,
                     .not_null = true),
        IGNIS_COLUMN(Track, album_id, .column = "AlbumId"),
        IGNIS_COLUMN(Track, media_type_id, .column = "MediaTypeId", .not_null = true),
        IGNIS_COLUMN(Track, genre_id, .column = "GenreId"),
        IGNIS_COLUMN(Track, composer, .column = "Composer", .type = IGNIS_TYPE_VARCHAR,
                     .length = 220),
        IGNIS_COLUMN(Track, milliseconds, .column = "Milliseconds", .not_null = true),
        IGNIS_COLUMN(Track, bytes, .column = "Bytes"),
        IGNIS_COLUMN(Track, unit_price, .column = "UnitPrice", .precision = 10, .scale = 2,
                     .not_null = true)),
    .indexes = IGNIS_CONSTRAINTS(
        IGNIS_INDEX("IFK_Track_AlbumId", Track, album_id),
        IGNIS_INDEX("IFK_Track_GenreId", Track, genre_id),
        IGNIS_INDEX("IFK_Track_MediaTypeId", Track, media_type_id)),
    .foreign_keys = IGNIS_CONSTRAINTS(
        IGNIS_FOREIGN_KEY("FK_Track_AlbumId", Track, album_id, Album, album_id),
        IGNIS_FOREIGN_KEY("FK_Track_GenreId", Track, genre_id, Genre, genre_id),
        IGNIS_FOREIGN_KEY("FK_Track_MediaTypeId", Track, media_type_id, MediaType, media_type_id)),
    .relations = IGNIS_RELATIONS(
        IGNIS_ONE(Track, album, Album, album_id, album_id),
        IGNIS_ONE(Track, genre, Genre, genre_id, genre_id),
        IGNIS_ONE(Track, media_type, MediaType, media_type_id, media_type_id),
        IGNIS_MANY(Track, playlist_tracks, PlaylistTrack, track),
        IGNIS_MANY(Track, invoice_lines, InvoiceLine, track)));

IGNIS_MODEL(Playlist,
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(Playlist, playlist_id, .column = "PlaylistId", .primary_key = true),
        IGNIS_COLUMN(Playlist, name, .column = "Name", .type = IGNIS_TYPE_VARCHAR, .length = 120)),
    .relations = IGNIS_RELATIONS(IGNIS_MANY(Playlist, playlist_tracks, PlaylistTrack, playlist)));

IGNIS_MODEL(PlaylistTrack,
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(PlaylistTrack, playlist_id, .column = "PlaylistId", .primary_key = true),
        IGNIS_COLUMN(PlaylistTrack, track_id, .column = "TrackId", .primary_key = true)),
    .indexes = IGNIS_CONSTRAINTS(
        IGNIS_INDEX("IFK_PlaylistTrack_PlaylistId", PlaylistTrack, playlist_id),
        IGNIS_INDEX("IFK_PlaylistTrack_TrackId", PlaylistTrack, track_id)),
    .foreign_keys = IGNIS_CONSTRAINTS(
        IGNIS_FOREIGN_KEY("FK_PlaylistTrack_PlaylistId", PlaylistTrack, playlist_id, Playlist,
                          playlist_id),
        IGNIS_FOREIGN_KEY("FK_PlaylistTrack_TrackId", PlaylistTrack, track_id, Track, track_id)),
    .relations = IGNIS_RELATIONS(
        IGNIS_ONE(PlaylistTrack, playlist, Playlist, playlist_id, playlist_id),
        IGNIS_ONE(PlaylistTrack, track, Track, track_id, track_id)));

IGNIS_MODEL(Employee,
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(Employee, employee_id, .column = "EmployeeId", .primary_key = true),
        IGNIS_COLUMN(Employee, last_name, .column = "LastName", .type = IGNIS_TYPE_VARCHAR,
                     .length = 20, .not_null = true),
        IGNIS_COLUMN(Employee, first_name, .column = "FirstName", .type = IGNIS_TYPE_VARCHAR,
                     .length = 20, .not_null = true),
        IGNIS_COLUMN(Employee, title, .column = "Title", .type = IGNIS_TYPE_VARCHAR,
                     .length = 30),
        IGNIS_COLUMN(Employee, reports_to, .column = "ReportsTo"),
        IGNIS_COLUMN(Employee, birth_date, .column = "BirthDate", .type = IGNIS_TYPE_TIMESTAMP),
        IGNIS_COLUMN(Employee, hire_date, .column = "HireDate", .type = IGNIS_TYPE_TIMESTAMP),
        IGNIS_COLUMN(Employee, address, .column = "Address", .type = IGNIS_TYPE_VARCHAR,
                     .length = 70),
        IGNIS_COLUMN(Employee, city, .column = "City", .type = IGNIS_TYPE_VARCHAR, .length = 40),
        IGNIS_COLUMN(Employee, state, .column = "State", .type = IGNIS_TYPE_VARCHAR,
                     .length = 40),
        IGNIS_COLUMN(Employee, country, .column = "Country", .type = IGNIS_TYPE_VARCHAR,
                     .length = 40),
        IGNIS_COLUMN(Employee, postal_code, .column = "PostalCode", .type = IGNIS_TYPE_VARCHAR,
                     .length = 10),
        IGNIS_COLUMN(Employee, phone, .column = "Phone", .type = IGNIS_TYPE_VARCHAR,
                     .length = 24),
        IGNIS_COLUMN(Employee, fax, .column = "Fax", .type = IGNIS_TYPE_VARCHAR, .length = 24),
        IGNIS_COLUMN(Employee, email, .column = "Email", .type = IGNIS_TYPE_VARCHAR,
                     .length = 60)),
    .indexes = IGNIS_CONSTRAINTS(IGNIS_INDEX("IFK_Employee_ReportsTo", Employee, reports_to)),
    .foreign_keys = IGNIS_CONSTRAINTS(
        IGNIS_FOREIGN_KEY("FK_Employee_ReportsTo", Employee, reports_to, Employee, employee_id)),
    .relations = IGNIS_RELATIONS(
        IGNIS_ONE(Employee, manager, Employee, reports_to, employee_id),
        IGNIS_MANY(Employee, reports, Employee, manager),
        IGNIS_MANY(Employee, customers, Customer, support_rep)));

IGNIS_MODEL(Customer,
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(Customer, customer_id, .column = "CustomerId", .primary_key = true),
        IGNIS_COLUMN(Customer, first_name, .column = "FirstName", .type = IGNIS_TYPE_VARCHAR,
                     .length = 40, .not_null = true),
        IGNIS_COLUMN(Customer, last_name, .column = "LastName", .type = IGNIS_TYPE_VARCHAR,
                     .length = 20, .not_null = true),
        IGNIS_COLUMN(Customer, company, .column = "Company", .type = IGNIS_TYPE_VARCHAR,
                     .length = 80),
        IGNIS_COLUMN(Customer, address, .column = "Address", .type = IGNIS_TYPE_VARCHAR,
                     .length = 70),
        IGNIS_COLUMN(Customer, city, .column = "City", .type = IGNIS_TYPE_VARCHAR, .length = 40),
        IGNIS_COLUMN(Customer, state, .column = "State", .type = IGNIS_TYPE_VARCHAR,
                     .length = 40),
        IGNIS_COLUMN(Customer, country, .column = "Country", .type = IGNIS_TYPE_VARCHAR,
                     .length = 40),
        IGNIS_COLUMN(Customer, postal_code, .column = "PostalCode", .type = IGNIS_TYPE_VARCHAR,
                     .length = 10),
        IGNIS_COLUMN(Customer, phone, .column = "Phone", .type = IGNIS_TYPE_VARCHAR,
                     .length = 24),
        IGNIS_COLUMN(Customer, fax, .column = "Fax", .type = IGNIS_TYPE_VARCHAR, .length = 24),
        IGNIS_COLUMN(Customer, email, .column = "Email", .type = IGNIS_TYPE_VARCHAR,
                     .length = 60, .not_null = true),
        IGNIS_COLUMN(Customer, support_rep_id, .column = "SupportRepId")),
    .indexes = IGNIS_CONSTRAINTS(
        IGNIS_INDEX("IFK_Customer_SupportRepId", Customer, support_rep_id)),
    .foreign_keys = IGNIS_CONSTRAINTS(
        IGNIS_FOREIGN_KEY("FK_Customer_SupportRepId", Customer, support_rep_id, Employee,
                          employee_id)),
    .relations = IGNIS_RELATIONS(
        IGNIS_ONE(Customer, support_rep, Employee, support_rep_id, employee_id),
        IGNIS_MANY(Customer, invoices, Invoice, customer)));

IGNIS_MODEL(Invoice,
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(Invoice, invoice_id, .column = "InvoiceId", .primary_key = true),
        IGNIS_COLUMN(Invoice, customer_id, .column = "CustomerId", .not_null = true),
        IGNIS_COLUMN(Invoice, invoice_date, .column = "InvoiceDate",
                     .type = IGNIS_TYPE_TIMESTAMP, .not_null = true),
        IGNIS_COLUMN(Invoice, billing_address, .column = "BillingAddress",
                     .type = IGNIS_TYPE_VARCHAR, .length = 70),
        IGNIS_COLUMN(Invoice, billing_city, .column = "BillingCity", .type = IGNIS_TYPE_VARCHAR,
                     .length = 40),
        IGNIS_COLUMN(Invoice, billing_state, .column = "BillingState",
                     .type = IGNIS_TYPE_VARCHAR, .length = 40),
        IGNIS_COLUMN(Invoice, billing_country, .column = "BillingCountry",
                     .type = IGNIS_TYPE_VARCHAR, .length = 40),
        IGNIS_COLUMN(Invoice, billing_postal_code, .column = "BillingPostalCode",
                     .type = IGNIS_TYPE_VARCHAR, .length = 10),
        IGNIS_COLUMN(Invoice, total, .column = "Total", .precision = 10, .scale = 2,
                     .not_null = true)),
    .indexes = IGNIS_CONSTRAINTS(IGNIS_INDEX("IFK_Invoice_CustomerId", Invoice, customer_id)),
    .foreign_keys = IGNIS_CONSTRAINTS(
        IGNIS_FOREIGN_KEY("FK_Invoice_CustomerId", Invoice, customer_id, Customer, customer_id)),
    .relations = IGNIS_RELATIONS(
        IGNIS_ONE(Invoice, customer, Customer, customer_id, customer_id),
        IGNIS_MANY(Invoice, lines, InvoiceLine, invoice)));

IGNIS_MODEL(InvoiceLine,
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(InvoiceLine, invoice_line_id, .column = "InvoiceLineId",
                     .primary_key = true),
        IGNIS_COLUMN(InvoiceLine, invoice_id, .column = "InvoiceId", .not_null = true),
        IGNIS_COLUMN(InvoiceLine, track_id, .column = "TrackId", .not_null = true),
        IGNIS_COLUMN(InvoiceLine, unit_price, .column = "UnitPrice", .precision = 10,
                     .scale = 2, .not_null = true),
        IGNIS_COLUMN(InvoiceLine, quantity, .column = "Quantity", .not_null = true)),
    .indexes = IGNIS_CONSTRAINTS(
        IGNIS_INDEX("IFK_InvoiceLine_InvoiceId", InvoiceLine, invoice_id),
        IGNIS_INDEX("IFK_InvoiceLine_TrackId", InvoiceLine, track_id)),
    .foreign_keys = IGNIS_CONSTRAINTS(
        IGNIS_FOREIGN_KEY("FK_InvoiceLine_InvoiceId", InvoiceLine, invoice_id, Invoice,
                          invoice_id),
        IGNIS_FOREIGN_KEY("FK_InvoiceLine_TrackId", InvoiceLine, track_id, Track, track_id)),
    .relations = IGNIS_RELATIONS(
        IGNIS_ONE(InvoiceLine, invoice, Invoice, invoice_id, invoice_id),
        IGNIS_ONE(InvoiceLine, track, Track, track_id, track_id)));
