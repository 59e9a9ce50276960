/*
 * Registered handlers and the end of the process: who runs them, and who waits for whom.
 *
 *   Script       the shell's main thread: runs the script, closes its session (SessionEnd.OnExiting, HandlerRunner.RunInSession)
 *   Closer       a second thread that closes the same session: pwsh's Ctrl+C handler (SessionEnd.LeaveToFirst)
 *   Supervisor   the signal's part (SignalledEnd.Begin), and exit blocks that can't be stopped (ExitBlockRun.OnTime)
 *   GivenUp      HandlerRunner.GiveUp
 *   ProcessExit  EndOfProcess.OnProcessExit, once, when somebody has called Environment.Exit (HandlerRunner.RunRest)
 *   Crash        EndOfProcess.OnUnhandledException, on a thread of the script's
 *   SignalThread SignalledEnd.TryTake
 *
 * HandlerRegistry's methods are one step each: they are under its gate. A handler has one exit block, which ends, or never does (it
 * hangs, or has called Environment.Exit itself). Waits have no time limit here: that all of them end without it is what is checked.
 */

#define HANDLERS 2

/* HandlerRegistry */
bool waiting[HANDLERS], running[HANDLERS], isTakenOver;
/* RegisteredHandler._released, HandlerRunner._restHasRun and who runs the rest */
bool released[HANDLERS], restHasRun, isRestRunning;
/* ExitBlockRun: the thread that runs the block has lost the run */
bool hangs[HANDLERS], lost[HANDLERS];
/* SessionEnd._closing, its latch; SignalledEnd._isSessionEnding, DrivenBy */
bool isClosing, hasRun, isSessionEnding, drivenBy, posted, stopped;
/* EndOfProcess: somebody has called Environment.Exit; ProcessExit has been raised; the process is gone */
bool exitCalled, hasBegun, ended;

/* What really happens, for the properties. */
byte ran[HANDLERS], atWork;
bool sessionClosed, toTheEnd;

/* ClaimLast of HandlerRegistry: newest first; `claimed` == HANDLERS: none */
inline ClaimLast() {
    claimed = HANDLERS;
    if
    :: waiting[1] -> claimed = 1
    :: !waiting[1] && waiting[0] -> claimed = 0
    :: else
    fi;
    if
    :: claimed < HANDLERS -> waiting[claimed] = false; running[claimed] = true
    :: else
    fi
}

/* The exit block of a handler begins. */
inline BeginBlock(h) {
    atomic {
        ran[h]++;
        assert(ran[h] == 1);        /* at most once */
        atWork++;
        assert(atWork == 1);        /* one at a time */
        assert(!sessionClosed);     /* it reads the session's variables */
        if
        :: true                     /* it comes to its end */
        :: hangs[h] = true
        :: hangs[h] = true; exitCalled = true
        fi
    }
}

/* HandlerRunner.Finish */
inline Finish(h) {
    running[h] = false;
    released[h] = true
}

/* The end of the process; nothing runs afterwards */
inline EndProcess() {
    atomic {
        assert(atWork == 0);                    /* it waits for a handler that runs, */
        assert(ran[0] == 1 && ran[1] == 1);     /* and every handler has run: exactly once */
        ended = true
    }
}

/* HandlerRunner.RunDetached on a thread of its own, which the caller waits for */
inline RunDetached(h) {
    BeginBlock(h);
    if
    :: !hangs[h] -> atWork--; Finish(h)
    :: released[h]      /* given up: GivenUp sees to the rest of it */
    fi
}

/* HandlerRunner.RunRest */
inline RunRest() {
#ifndef TWO_RESTS
    atomic { isRest = !isRestRunning; isRestRunning = true };
    if
    :: !isRest -> restHasRun
    :: else ->
#endif
    atomic {
#ifndef SESSION_GOES_ON
        isTakenOver = true;
#endif
        wait[0] = running[0]; wait[1] = running[1]
    };
    (!wait[0] || released[0]); (!wait[1] || released[1]);
    do
    :: atomic { true -> ClaimLast() };
        if
        :: claimed == HANDLERS -> break
        :: else -> RunDetached(claimed)
        fi
    od;
    restHasRun = true
#ifndef TWO_RESTS
    fi
#endif
}

/* SessionEnd.OnExiting of the first thread that closes the session */
inline Close() {
    isSessionEnding = true;
    do
    :: atomic { isTakenOver -> claimed = HANDLERS; break }
    :: atomic { !isTakenOver -> ClaimLast() };
        if
        :: claimed == HANDLERS -> break
        :: else ->
            BeginBlock(claimed);
            if
            :: !hangs[claimed] -> atWork--; Finish(claimed)
            :: hangs[claimed] -> false      /* this thread never comes back */
            fi
        fi
    od;
#ifndef SESSION_DOES_NOT_WAIT
    if  /* WaitForRest */
    :: isTakenOver -> restHasRun
    :: else
    fi;
#endif
    if  /* SignalledEnd.EndProcessIfAsked */
    :: drivenBy -> exitCalled = true
    :: else
    fi;
    hasRun = true
}

proctype Script() {
    byte claimed;
    bool isFirst;
    {
        if
        :: true                         /* its last statement */
        :: exitCalled = true; false     /* [Environment]::Exit: does not return */
        :: stopped                      /* a signal's stop */
        :: drivenBy; false              /* it does not unwind */
        fi;
        atomic { isFirst = !isClosing; isClosing = true };
        if
        :: isFirst ->
            Close();
            atomic { assert(!toTheEnd); toTheEnd = true; sessionClosed = true };
            exitCalled = true           /* the end of Main raises ProcessExit as well */
        :: else ->
            hasRun;
            exitCalled = true
        fi
    } unless { ended }
}

/* pwsh's own Ctrl+C handler, where it runs */
proctype Closer() {
    byte claimed;
    bool isFirst;
    {
#ifdef TWO_CLOSE
        Close();
        atomic { assert(!toTheEnd); toTheEnd = true; sessionClosed = true }
#else
        if
        :: true                         /* it does not run */
        :: atomic { isClosing -> isFirst = false };
            hasRun;
            exitCalled = true           /* LeaveToFirst; this thread does not come back */
        fi
#endif
    } unless { ended }
}

/* SignalledEnd.TryTake */
proctype SignalThread() {
    {
        if
        :: true                         /* no signal */
        :: !isSessionEnding && !hasBegun && (waiting[0] || running[0]) -> drivenBy = true; posted = true
        fi
    } unless { ended }
}

/* What the supervisor does for a handler that can't be stopped */
proctype GivenUp(byte h) {
    {
        /* HandlerRunner.GiveUp: its exit blocks that are left, if any, then: */
        Finish(h);
        exitCalled = true
    } unless { ended }
}

proctype Supervisor() {
    {
        do
        :: posted ->                    /* SignalledEnd.Begin */
            posted = false;
            if
            :: exitCalled = true        /* the shell is idle, or there is no script of it */
            :: stopped = true           /* the script is stopped */
                ; if
                :: !isSessionEnding -> exitCalled = true    /* after -StopTimeoutSeconds */
                :: isSessionEnding
                fi
            fi
        :: atomic { hangs[0] && !lost[0] -> lost[0] = true; atWork--; run GivenUp(0) }
        :: atomic { hangs[1] && !lost[1] -> lost[1] = true; atWork--; run GivenUp(1) }
        od
    } unless { ended }
}

proctype ProcessExit() {
    byte claimed;
    bool wait[HANDLERS], isRest;
    {
        exitCalled;
        hasBegun = true;
        RunRest();
        EndProcess()                    /* EndOfProcess.Finish, or the runtime */
    } unless { ended }
}

/* At most one thread crashes, at any time, while the process ends too. */
proctype Crash() {
    byte claimed;
    bool wait[HANDLERS], isRest;
    {
        if
        :: true
        :: hasBegun = true;
            RunRest();
            EndProcess()
        fi
    } unless { ended }
}

init {
    atomic {
        waiting[0] = true; waiting[1] = true;
        run Script();
        run Closer();
        run SignalThread();
        run Supervisor();
        run ProcessExit();
        run Crash()
    }
    ended   /* every path comes to the end of the process: a deadlock is an invalid end state */
}
