/*
 * The guard's protocol: the owner tells, the guard reads, and SIGKILL ends the owner between any two steps.
 *
 *   owner   GuardedScope, GuardProcess, GuardChannel.Writer   processes Body (pipeline thread) and Rescue (ScopeWork.StartRescue)
 *   pipe    GuardChannel                                      what is in it outlives the owner; each message is whole or not there
 *   guard   GuardSession, GuardLedger                         process Guard
 *
 * One guarded scope with an exit block of -OnExit and one that its body pushes, and may take back. Body and rescue compete for
 * the exit blocks. `outer`: a scope around it keeps the guard when this one has ended.
 *
 * Each statement of the owner that is not under a lock is a step of its own, and so are those under one. A wait for a full pipe may
 * be over at any time (TimeoutException). The text of a property stands at its assert.
 */

#define OWN     0 /* the block of -OnExit */
#define PUSHED  1 /* the block that the body pushes */
#define BLOCKS  2

mtype = { Part, ScopeBegins, BlockBegins, BlockEnded, BlockPushed, BlockRemoved, ScopeEnded, Leave }
mtype = { Written, Broken, TimedOut }
mtype = { Nobody, TheBody, TheRescue }

/* The kernel's. */
chan pipe = [2] of { mtype, byte };
bool alive = true;      /* the owner */
bool killed;            /* the guard, by SIGKILL */
bool guardGone;         /* the guard has ended: a write fails with EPIPE */
bool pipeClosed;        /* the owner has closed its end */

/* Scope and ExitBlockRun: who has claimed the exit blocks, and which wait. */
mtype claimed = Nobody;
bool waiting[BLOCKS];
bool released;          /* Scope.MarkReleased */

/* GuardedScope */
bool scopeLock, hasGuard, isReleased;
byte sending;
chan early = [5] of { mtype, byte };

/* GuardProcess */
bool gate, started, isRegistered, over;
bool outer;

/* What really happens, for the properties. */
byte ranHere[BLOCKS], ranInGuard[BLOCKS];
bool inPipe[BLOCKS];    /* all of its payload */
bool told[BLOCKS];      /* its begin is in the pipe, or the guard has been ended: it is the owner's to run */
bool takenBack[BLOCKS];
bool isOver;            /* the scope's exit blocks have run, and who ran them has begun to release the guard */
bool closed;            /* Use-ExitHandler has returned */

inline Lock(lock)   { atomic { !lock -> lock = true } }
inline Unlock(lock) { lock = false }

/* GuardChannel.Writer.Write of one message: UnixGuardPipe.Write */
inline Write(kind, block) {
    atomic {
        if
        :: pipeClosed || guardGone || (killed && started) -> result = Broken
        :: !pipeClosed && !guardGone && !killed && nfull(pipe) -> pipe ! kind, block; result = Written
        :: !pipeClosed && !guardGone && !killed && full(pipe) -> result = TimedOut
        fi
    }
}

/* GuardProcess.Close, under the gate */
inline Close() {
    if
    :: over
    :: else ->
#ifdef OVER_BEFORE_KILL
        over = true;
        killed = true;
#elif defined(CLOSE_BEFORE_KILL)
        pipeClosed = true;
        killed = true;
        over = true;
#else
        killed = true;
        over = true;
#endif
        pipeClosed = true
    fi
}

/* GuardProcess.Lose: the guard does not read */
inline Lose() {
    Lock(gate);
    Close();
    Unlock(gate)
}

/* GuardProcess.Tell */
inline GuardTell(kind, block) {
    if
    :: over
    :: else ->
        Write(kind, block);
        if
        :: result == TimedOut -> Lose()
        :: else
        fi
    fi
}

/* GuardedScope.Tell */
inline Tell(kind, block) {
    Lock(scopeLock);
    if
    :: !hasGuard ->
#ifndef NOTHING_NOTED_EARLY
        early ! kind, block;
#endif
        Unlock(scopeLock)
    :: else ->
        Unlock(scopeLock);
        GuardTell(kind, block)
    fi
}

/* GuardProcess.Release */
inline GuardRelease() {
    Lock(gate);
    if
    :: !isRegistered -> Unlock(gate)
    :: else ->
        isRegistered = false;
        if
        :: outer ->
            Unlock(gate);
            GuardTell(ScopeEnded, 0)
        :: else ->
            if  /* End */
            :: over
            :: else -> Write(Leave, 0)
            fi;
            Close();
            Unlock(gate)
        fi
    fi
}

/* GuardedScope.Release */
inline Release() {
    Lock(scopeLock);
    isReleased = true;
#ifdef ENDED_BEFORE_SENT
    mayTell = hasGuard;
#else
    mayTell = hasGuard && sending == 0;
#endif
    Unlock(scopeLock);
    if
    :: mayTell -> GuardRelease()
    :: else
    fi
}

/* GuardedScope.Send of a payload in two parts; leaves `ok` */
inline Send(kind, block) {
    ok = true;
    Lock(scopeLock);
    if
    :: isReleased -> Unlock(scopeLock)
    :: else ->
        sending++;
        if
        :: !hasGuard ->     /* GuardProcess.Register */
            Lock(gate);
            isRegistered = true;
            if
            :: !started -> started = true; run Guard()
            :: else
            fi;
            Unlock(gate);
            hasGuard = true
        :: else
        fi;
        do
        :: early ? toldKind, toldBlock -> GuardTell(toldKind, toldBlock)
        :: empty(early) -> break
        od;
        Unlock(scopeLock);

        /* GuardProcess.Send */
        Write(Part, block);
        if
        :: result == Written ->
            atomic {
                Write(kind, block);
                inPipe[block] = (result == Written)
            }
        :: else
        fi;
        if
        :: result != Written -> Lose(); ok = isReleased
        :: else
        fi;

        Lock(scopeLock);
        sending--;
#ifdef ENDED_BEFORE_SENT
        mayTell = false;
#else
        mayTell = isReleased && sending == 0;
#endif
        Unlock(scopeLock);
        if
        :: mayTell -> GuardRelease()
        :: else
        fi
    fi
}

/* ExitBlockRun.Run with the observer that tells the guard */
inline RunBlock(block) {
#ifdef BEGIN_TOLD_AFTERWARDS
    ranHere[block]++;
#endif
    Tell(BlockBegins, block);
    told[block] = true;
#ifndef BEGIN_TOLD_AFTERWARDS
    ranHere[block]++;
#endif
    /* At most once here. That it has not run in the guard: the guard asserts it, since it comes later. */
    assert(ranHere[block] == 1);
    Tell(BlockEnded, block)
}

inline RunBlocks() {
    do
    :: atomic { waiting[PUSHED] -> waiting[PUSHED] = false }; RunBlock(PUSHED)
    :: atomic { !waiting[PUSHED] && waiting[OWN] -> waiting[OWN] = false }; RunBlock(OWN)
    :: atomic { !waiting[PUSHED] && !waiting[OWN] -> break }
    od;
    isOver = true
}

/* ScopeRunner.Run on the pipeline thread */
proctype Body() {
    mtype result, toldKind;
    byte toldBlock;
    bool mayTell, ok, isRemoved;
    {
        Send(ScopeBegins, OWN);
        if
        :: !ok ->
            /* GuardFailed: nothing runs here, and the rescue does if it has begun. */
            atomic {
                if
                :: claimed == Nobody -> claimed = TheBody
                :: else
                fi
            }
        :: else ->
            if
            :: claimed == Nobody ->     /* the body: Add-ExitBlock, Remove-ExitBlock. CurrentScope.Push */
                Send(BlockPushed, PUSHED);
                if
                :: ok ->
                    waiting[PUSHED] = true;
                    if
                    :: atomic { isRemoved = waiting[PUSHED]; waiting[PUSHED] = false; takenBack[PUSHED] = isRemoved };
                        if
                        :: isRemoved -> Tell(BlockRemoved, PUSHED)
                        :: else
                        fi
                    :: true
                    fi
                :: else
                fi
            :: true
            fi;
            if
            :: atomic { claimed == Nobody -> claimed = TheBody }; RunBlocks()
            :: claimed == TheRescue
            fi
        fi;
        if
        :: claimed == TheRescue -> released     /* Scope.WaitReleased */
        :: else -> isOver = true
        fi;
        Release();                              /* ScopeRunner.Close */
        closed = true
    } unless { !alive }
}

/* ScopeWork.StartRescue: the body's thread did not unwind in time */
proctype Rescue() {
    mtype result;
    bool mayTell;
    {
        if
        :: atomic { claimed == Nobody -> claimed = TheRescue };
            RunBlocks();
            Release();
            released = true
        :: claimed == TheBody
        fi
    } unless { !alive }
}

inline RunInGuard(block) {
    /* The guard works only when the owner is dead. */
    assert(!alive);
    /* Never a block that the owner has begun; the guard's own: at most once. */
    assert(ranHere[block] == 0 && ranInGuard[block] == 0);
    /* Nothing of a scope that has ended. */
    assert(!closed);
    ranInGuard[block]++
}

/* GuardSession.Run with GuardLedger, whose entry of the scope these are */
proctype Guard() {
    mtype kind;
    byte block;
    bool payload, hasEnded;
    bool parts[BLOCKS], begun[BLOCKS], ended[BLOCKS], removed[BLOCKS], pushed[BLOCKS];
    {
        do
        :: atomic { pipe ? kind, block ->
            if
            :: kind == Leave -> goto left
            :: kind == Part -> parts[block] = true
            :: kind == ScopeBegins -> payload = payload || (parts[block] && !hasEnded); parts[block] = false
            :: kind == BlockPushed -> pushed[block] = pushed[block] || (parts[block] && !hasEnded); parts[block] = false
            :: kind == BlockBegins -> begun[block] = true
            :: kind == BlockEnded -> ended[block] = true
            :: kind == BlockRemoved -> removed[block] = true; pushed[block] = false
            :: kind == ScopeEnded ->
                parts[OWN] = false; parts[PUSHED] = false; pushed[PUSHED] = false;
                if
                :: payload ->   /* the entry is dropped */
                    payload = false;
                    begun[OWN] = false; ended[OWN] = false; removed[OWN] = false;
                    begun[PUSHED] = false; ended[PUSHED] = false; removed[PUSHED] = false
                :: else -> hasEnded = true
                fi
            fi }
        :: atomic { empty(pipe) && (pipeClosed || !alive) -> break }
        od;
        !alive;                 /* IGuardSystem.WaitForOwner */
        if
        :: !hasEnded && pushed[PUSHED] && !begun[PUSHED] && !ended[PUSHED] && !removed[PUSHED] -> RunInGuard(PUSHED)
        :: else
        fi;
        if
        :: !hasEnded && payload && !begun[OWN] && !ended[OWN] && !removed[OWN] -> RunInGuard(OWN)
        :: else
        fi;
        /* What the owner had not begun when it died has run here, if its payload was in the pipe and the guard was not ended. */
        assert(isOver || !inPipe[OWN] || told[OWN] || begun[OWN] || ranInGuard[OWN] == 1);
        assert(isOver || !inPipe[PUSHED] || takenBack[PUSHED] || told[PUSHED] || begun[PUSHED] || ranInGuard[PUSHED] == 1)
    } unless { killed };
left:
    guardGone = true
}

/* Ends every owner, sooner or later: its own end is no different from a SIGKILL after its last step. */
proctype Kill() {
    alive = false
}

init {
    atomic {
        waiting[OWN] = true;
        if
        :: outer = true; started = true; run Guard()
        :: outer = false
        fi;
        run Body();
        run Rescue();
        run Kill()
    }
}
/* That all processes come to their end is spin's own check: an invalid end state is an error. */
