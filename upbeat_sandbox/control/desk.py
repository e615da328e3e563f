from upbeat_sandbox.call import Reply, as_json
def answer(sandbox, request, body):
    return as_json({})
