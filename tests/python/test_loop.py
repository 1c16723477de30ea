"""x."""
from story import Told

def test_x(told: Told) -> None:
    print(told)
    for n,o in told.outcomes.items(): print(n, o.out, o.err[-500:])
    for p in told.before:
        b,a=told.before[p],told.sandbox.members(p)
        print(p,len(b),len(b-a),len(a-b))
