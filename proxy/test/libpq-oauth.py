"""libpq 18 as an OAUTHBEARER client with a ready-made token: LIBRARY CONNINFO TOKEN. Prints what it was told."""
import ctypes
import sys

library, conninfo, token = sys.argv[1:4]
pq = ctypes.CDLL(library)


class BearerRequest(ctypes.Structure):
    _fields_ = [
        ("openid_configuration", ctypes.c_char_p),
        ("scope", ctypes.c_char_p),
        ("run", ctypes.c_void_p),
        ("cleanup", ctypes.c_void_p),
        ("token", ctypes.c_char_p),
        ("user", ctypes.c_void_p),
    ]


kept = ctypes.c_char_p(token.encode())


@ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
def hook(kind, _connection, data):
    if kind != 1:  # PQAUTHDATA_OAUTH_BEARER_TOKEN
        return 0
    request = ctypes.cast(data, ctypes.POINTER(BearerRequest)).contents
    print("discovery", (request.openid_configuration or b"").decode(), (request.scope or b"").decode())
    request.token = kept
    return 1


pq.PQsetAuthDataHook(hook)
pq.PQconnectdb.restype = ctypes.c_void_p
pq.PQstatus.argtypes = [ctypes.c_void_p]
pq.PQerrorMessage.argtypes = [ctypes.c_void_p]
pq.PQerrorMessage.restype = ctypes.c_char_p
connection = pq.PQconnectdb(conninfo.encode())
print("status", pq.PQstatus(connection))
print("error", pq.PQerrorMessage(connection).decode().strip())
