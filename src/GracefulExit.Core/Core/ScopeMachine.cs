namespace GracefulExit.Core;

/// <summary>
/// The life of a scope as a function: a state and an event give the next state and what is to be done. No engine, no
/// threads, no clock; whoever calls it holds the lock and carries out the effects.
/// </summary>
/// <remarks>
/// <para>
/// Exactly once: the exit blocks belong to whoever gets one of the effects <see cref="ScopeEffects.Rescue"/>,
/// <see cref="ScopeEffects.RunBlocksInBodyPipeline"/> or <see cref="ScopeEffects.RunBlocksInFreshPipeline"/>. Only
/// <see cref="Claim"/> gives them, and only to a scope that is not claimed.
/// </para>
/// <para>
/// Bounded: from <see cref="ScopePhase.Draining"/> on there is a deadline wherever the next step is not the body's thread's
/// own, or a scope within, which has deadlines of its own. The exit blocks have theirs: <see cref="BlockClock"/>.
/// </para>
/// <para>The tests go through every state that can be reached, with every event in it.</para>
/// </remarks>
internal static class ScopeMachine
{
    public static (ScopeState State, ScopeEffects Effects) Next(ScopeLimits limits, ScopeState state, ScopeEvent happened) =>
        happened.Kind switch
        {
            ScopeEventKind.Requested => OnRequested(limits, state, happened),
            ScopeEventKind.ProcessExiting => OnProcessExiting(limits, state, happened),
            ScopeEventKind.StoppedFromElsewhere => OnStoppedFromElsewhere(limits, state, happened),
            ScopeEventKind.StopDemanded => state.IsClaimed ? (state, ScopeEffects.None) : Stop(limits, state, happened.Now),
            ScopeEventKind.BodyEntered => OnBodyEntered(state),
            ScopeEventKind.BodyLeft => OnBodyLeft(state, happened),
            ScopeEventKind.InnerBegan => OnInnerBegan(state),
            ScopeEventKind.InnerEnded => OnInnerEnded(limits, state, happened.Now),
            ScopeEventKind.Forwarded => OnForwarded(limits, state, happened),
            ScopeEventKind.ShieldBegan => OnShieldBegan(state, happened),
            ScopeEventKind.ShieldEnded => OnShieldEnded(limits, state, happened.Now),
            ScopeEventKind.DeadlinePassed => OnDeadlinePassed(limits, state, happened.Now),
            ScopeEventKind.BlocksDone => OnBlocksDone(limits, state, happened.Now),
            ScopeEventKind.Closed => OnClosed(state),
            _ => throw new ArgumentOutOfRangeException(nameof(happened)),
        };

    private static (ScopeState, ScopeEffects) OnRequested(ScopeLimits limits, ScopeState state, ScopeEvent happened)
    {
        if (state.IsClaimed || state.Request is not null)
        {
            return (state, ScopeEffects.None);
        }

        (ScopeState next, ScopeEffects effects) = End(limits, state with { Request = happened.Request }, happened);
        return (next, effects | ScopeEffects.Announce);
    }

    /// <summary>The first step towards the end of a body, for a request that counts.</summary>
    private static (ScopeState, ScopeEffects) End(ScopeLimits limits, ScopeState state, ScopeEvent happened)
    {
        bool hasGrace = limits.Grace > TimeSpan.Zero && happened.Kind != ScopeEventKind.ProcessExiting;
        if (state.Phase == ScopePhase.Stopping)
        {
            return (state, ScopeEffects.None);
        }

        if (state is { Phase: ScopePhase.Body, HasInner: true } && happened.Flag)
        {
            // The body learns of it and has its grace period, which ends at the earliest when the inner scope has ended.
            ScopePhase phase = hasGrace ? ScopePhase.Draining : ScopePhase.Body;
            return (state with { Phase = phase, WaitsForInner = true }, ScopeEffects.None);
        }

        return state.Phase == ScopePhase.Starting
            ? hasGrace ? (Arm(state, DeadlineKind.Grace, happened.Now, limits.Grace), ScopeEffects.None) : Stop(limits, state, happened.Now)
            : Drain(limits, state, happened.Now, hasGrace);
    }

    /// <summary>Gives the children and the body their time, or stops the body where neither is to have any.</summary>
    private static (ScopeState, ScopeEffects) Drain(ScopeLimits limits, ScopeState state, long now, bool hasGrace)
    {
        if (limits.Forward > TimeSpan.Zero && state is { Request.Signal: not null, IsProcessExiting: false })
        {
            // Without a grace period of its own the body gets no next statement meanwhile: it stays in its phase.
            ScopePhase phase = hasGrace ? ScopePhase.Draining : ScopePhase.Body;
            return (Arm(state with { Phase = phase }, DeadlineKind.Forward, now, limits.Forward), ScopeEffects.Forward);
        }

        return hasGrace
            ? (Arm(state with { Phase = ScopePhase.Draining }, DeadlineKind.Grace, now, limits.Grace), ScopeEffects.None)
            : Stop(limits, state, now);
    }

    private static (ScopeState, ScopeEffects) Stop(ScopeLimits limits, ScopeState state, long now)
    {
        if (state.Phase == ScopePhase.Stopping)
        {
            return (state, ScopeEffects.None);
        }

        if (state.Shields > 0)
        {
            return (HoldBack(state, now), ScopeEffects.None);
        }

        ScopeState stopping = state with { Phase = ScopePhase.Stopping, WaitsForInner = false, IsStopPending = false };
        return (ArmUnwind(limits, stopping, now), ScopeEffects.StopBody);
    }

    /// <summary>A shield holds back the stop, until it ends or its time is up.</summary>
    private static ScopeState HoldBack(ScopeState state, long now) =>
        state.IsStopPending ? state : Arm(state with { IsStopPending = true, WaitsForInner = false }, DeadlineKind.Shield, now, state.ShieldLimit);

    /// <remarks>A shield within a shield is a part of it. One in an exit block has nothing to hold back.</remarks>
    private static (ScopeState, ScopeEffects) OnShieldBegan(ScopeState state, ScopeEvent happened) => (
        state with { Shields = state.Shields + 1, ShieldLimit = state.Shields == 0 ? happened.Limit : state.ShieldLimit },
        ScopeEffects.None);

    private static (ScopeState, ScopeEffects) OnShieldEnded(ScopeLimits limits, ScopeState state, long now)
    {
        // The time was up before: the shields are gone.
        ScopeState next = state with { Shields = Math.Max(0, state.Shields - 1) };
        return next is { Shields: 0, IsStopPending: true } ? Stop(limits, next, now) : (next, ScopeEffects.None);
    }

    private static (ScopeState, ScopeEffects) OnProcessExiting(ScopeLimits limits, ScopeState state, ScopeEvent happened)
    {
        ScopeState next = state with { IsProcessExiting = true };
        if (state.Phase == ScopePhase.Rescued)
        {
            // A process that is on its way out keeps the status that it was given.
            return (next with { Deadline = DeadlineKind.None }, ScopeEffects.None);
        }

        if (state.IsClaimed)
        {
            return (next, ScopeEffects.None);
        }

        if (state.Request is null)
        {
            (next, ScopeEffects effects) = End(limits, next with { Request = happened.Request }, happened);
            return (next, effects | ScopeEffects.Announce);
        }

        if (state.IsStopPending)
        {
            return (next, ScopeEffects.None);
        }

        if (state.Phase == ScopePhase.Stopping)
        {
            return (state.Deadline == DeadlineKind.Unwind ? ArmUnwind(limits, next, happened.Now) : next, ScopeEffects.None);
        }

        return state.WaitsForInner ? (next, ScopeEffects.None) : Stop(limits, next, happened.Now);
    }

    private static (ScopeState, ScopeEffects) OnStoppedFromElsewhere(ScopeLimits limits, ScopeState state, ScopeEvent happened)
    {
        if (state.Phase >= ScopePhase.Stopping)
        {
            return (state, ScopeEffects.None);
        }

        ScopeState next = state with { Request = state.Request ?? happened.Request };
        ScopeEffects effects = state.Request is null ? ScopeEffects.Announce : ScopeEffects.None;
        if (state.Shields > 0)
        {
            return (HoldBack(next, happened.Now), effects);
        }

        next = next with { Phase = ScopePhase.Stopping, WaitsForInner = false, IsStopPending = false };
        return (ArmUnwind(limits, next, happened.Now), effects);
    }

    private static (ScopeState, ScopeEffects) OnBodyEntered(ScopeState state)
    {
        if (state.Phase != ScopePhase.Starting)
        {
            return (state, ScopeEffects.None);
        }

        // Requested before the body began and still here: it has a grace period.
        ScopePhase phase = state.Request is null ? ScopePhase.Body : ScopePhase.Draining;
        return (state with { Phase = phase, HasBodyBegun = true }, ScopeEffects.RunBody);
    }

    private static (ScopeState, ScopeEffects) OnBodyLeft(ScopeState state, ScopeEvent happened)
    {
        ScopeState left = state with { IsBodyLeft = true };
        switch (state.Phase)
        {
            case ScopePhase.Rescuing or ScopePhase.Rescued:
                return (left with { Deadline = DeadlineKind.None }, ScopeEffects.WaitForRescue);
            case ScopePhase.Exiting or ScopePhase.Completed:
                return (state, ScopeEffects.None);
            default:
                // A request without a grace period stops the body at once. If its token alone has ended the body before the
                // stop came, by an OperationCanceledException, that is the same.
                bool wasStopped = state.Phase == ScopePhase.Stopping
                    || (state is { Phase: ScopePhase.Body, Request: not null } && happened.Outcome == BodyOutcomeKind.Error);
                bool isPipelineUsable = state.HasBodyBegun && !wasStopped && happened.Outcome != BodyOutcomeKind.Stopped;
                ScopeState ended = left with
                {
                    WasBodyStopped = wasStopped,
                    Request = state.Request ?? (happened.Outcome == BodyOutcomeKind.Stopped ? ExitRequest.Stopped : null),
                };
                return Claim(ended, isPipelineUsable ? ScopeEffects.RunBlocksInBodyPipeline : ScopeEffects.RunBlocksInFreshPipeline);
        }
    }

    private static (ScopeState, ScopeEffects) OnInnerBegan(ScopeState state) => (
        state with
        {
            HasInner = true,
            // The clock of a stopped body stands still while a scope within it ends.
            Deadline = state.Deadline == DeadlineKind.Unwind ? DeadlineKind.None : state.Deadline,
        },
        ScopeEffects.None);

    private static (ScopeState, ScopeEffects) OnInnerEnded(ScopeLimits limits, ScopeState state, long now)
    {
        ScopeState next = state with { HasInner = false, WaitsForInner = false };
        if (state.WaitsForInner)
        {
            return Drain(limits, next, now, hasGrace: state is { Phase: ScopePhase.Draining, IsProcessExiting: false });
        }

        return (state is { Phase: ScopePhase.Stopping, IsBodyLeft: false } ? ArmUnwind(limits, next, now) : next, ScopeEffects.None);
    }

    private static (ScopeState, ScopeEffects) OnForwarded(ScopeLimits limits, ScopeState state, ScopeEvent happened)
    {
        if (state.Deadline != DeadlineKind.Forward)
        {
            return (state, ScopeEffects.None);
        }

        // The children have had the grace period; without children it is the body's.
        return happened.Flag || limits.Grace == TimeSpan.Zero
            ? Stop(limits, state, happened.Now)
            : (Arm(state, DeadlineKind.Grace, happened.Now, limits.Grace), ScopeEffects.None);
    }

    private static (ScopeState, ScopeEffects) OnDeadlinePassed(ScopeLimits limits, ScopeState state, long now)
    {
        if (state.Deadline == DeadlineKind.None || now < state.DueAt)
        {
            return (state, ScopeEffects.None);
        }

        ScopeState passed = state with { Deadline = DeadlineKind.None };
        return state.Deadline switch
        {
            DeadlineKind.Forward or DeadlineKind.Grace => Stop(limits, passed, now),
            DeadlineKind.Shield => Stop(limits, passed with { Shields = 0 }, now),
            DeadlineKind.Unwind => Claim(passed with { WasBodyStopped = true }, ScopeEffects.Rescue),
            _ => (passed, ScopeEffects.EndProcess),
        };
    }

    private static (ScopeState, ScopeEffects) OnBlocksDone(ScopeLimits limits, ScopeState state, long now)
    {
        if (state.Phase == ScopePhase.Exiting)
        {
            return (state with { Phase = ScopePhase.Completed }, ScopeEffects.Release);
        }

        if (state.Phase != ScopePhase.Rescuing)
        {
            return (state, ScopeEffects.None);
        }

        ScopeState rescued = state with { Phase = ScopePhase.Rescued };
        bool waitsForBody = state is { IsBodyLeft: false, IsProcessExiting: false, Request.Reason: ExitReason.Signal };
        return (waitsForBody ? Arm(rescued, DeadlineKind.Return, now, limits.Unwind) : rescued, ScopeEffects.Release);
    }

    /// <remarks>While a rescue runs the exit blocks the scope stays: whoever closes it waits and tries again.</remarks>
    private static (ScopeState, ScopeEffects) OnClosed(ScopeState state) => state.Phase == ScopePhase.Rescuing
        ? (state with { IsBodyLeft = true }, ScopeEffects.None)
        : (
            state with { Phase = ScopePhase.Completed, IsBodyLeft = true, Deadline = DeadlineKind.None },
            state.IsListening ? ScopeEffects.Release : ScopeEffects.None);

    /// <summary>The only place where exit blocks are given to somebody.</summary>
    private static (ScopeState, ScopeEffects) Claim(ScopeState state, ScopeEffects how)
    {
        ScopePhase phase = how == ScopeEffects.Rescue ? ScopePhase.Rescuing : ScopePhase.Exiting;
        return state.IsClaimed
            ? throw new InvalidOperationException($"The exit blocks are claimed: {state.Phase}.")
            : (state with { Phase = phase, Deadline = DeadlineKind.None, WaitsForInner = false, IsStopPending = false, Shields = 0 }, how);
    }

    private static ScopeState ArmUnwind(ScopeLimits limits, ScopeState state, long now)
    {
        TimeSpan limit = state.IsProcessExiting && limits.Unwind > ScopeLimits.UnwindWhileExiting ? ScopeLimits.UnwindWhileExiting : limits.Unwind;
        return state.HasInner ? state with { Deadline = DeadlineKind.None } : Arm(state, DeadlineKind.Unwind, now, limit);
    }

    private static ScopeState Arm(ScopeState state, DeadlineKind deadline, long now, TimeSpan limit) =>
        state with { Deadline = deadline, DueAt = now + (long)limit.TotalMilliseconds };
}
