"""Try out."""
import asyncio,sys
from bot.demo.soak.counter import Nursery
from bot.demo.soak.play import live_day
from bot.demo.soak.plan import plan_day, Size
from bot.demo.soak.schedule import read_faults

if __name__=="__main__":
    size = Size(*(int(x) for x in sys.argv[3].split(","))) if len(sys.argv)>3 else Size()
    r = asyncio.run(live_day(plan_day(int(sys.argv[1]), read_faults(sys.argv[2]), size), Nursery()))
    for b in r.broken[:6]: print(b)
    print(len(r.broken), "broken", r.struck, r.deaths, r.facts, r.pause_ms, r.busy_ms, r.took_s)

    import time
    print("driver cpu", time.process_time())
