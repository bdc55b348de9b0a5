"""The JSON calls from Python, through ctypes. Usage: blog.py LIBRARY"""
import ctypes as c
import json
import sys

MODELS = {"models": [{"name": "User", "columns": [
    {"enricher": "id", "dataType": "number"}, {"name": "name", "type": "text"}]}]}
ROWS = {"User": [{"id": 1, "name": "Ann"}, {"id": 2, "name": "Bo"}]}


class SourceClass(c.Structure):
    """As far as it is needed: what follows struct_size bytes is taken to be zero."""
    _fields_ = [("struct_size", c.c_size_t), ("name", c.c_char_p), ("driver", c.c_void_p),
                ("url", c.c_char_p), ("models", c.c_void_p), ("models_count", c.c_size_t)]


class RepositoryClass(c.Structure):
    _fields_ = [("struct_size", c.c_size_t), ("name", c.c_char_p), ("model", c.c_char_p)]


class Error(c.Structure):
    _fields_ = [("struct_size", c.c_size_t), ("code", c.c_int), ("message", c.c_char_p)]


def run(ignis):
    ignis.ignis_context_create.restype = c.c_void_p
    ignis.ignis_context_error.restype = c.POINTER(Error)
    ctx = c.c_void_p(ignis.ignis_context_create())

    def call(name, *arguments):
        if getattr(ignis, name)(ctx, *arguments) != 0:
            raise RuntimeError(ignis.ignis_context_error(ctx).contents.message.decode())

    def text(value):
        return json.dumps(value).encode()

    blog = SourceClass(struct_size=c.sizeof(SourceClass), url=b"sqlite::memory:")
    models, count = c.c_void_p(), c.c_size_t()
    call("ignis_models_from_json", text(MODELS), c.c_size_t(0), c.byref(models), c.byref(count))
    blog.models, blog.models_count = models, count.value
    source, users = c.c_void_p(), c.c_void_p()
    call("ignis_data_source_open", c.byref(blog), c.byref(source))
    call("ignis_schema_create", source)
    call("ignis_load", source, text(ROWS), c.c_size_t(0), None)
    class_ = RepositoryClass(struct_size=c.sizeof(RepositoryClass), model=b"User")
    call("ignis_repository_open", source, c.byref(class_), c.byref(users))
    found = c.c_char_p()
    call("ignis_find_json", users, None, text({"order": ["name DESC"]}), c.byref(found))
    print([user["name"] for user in json.loads(found.value)])
    try:
        call("ignis_find_json", users, None, text({"where": {"nmae": "Ann"}}), c.byref(found))
    except RuntimeError as error:
        print(error)
    ignis.ignis_data_source_close(source)
    ignis.ignis_context_free(ctx)


run(c.CDLL(sys.argv[1]))
