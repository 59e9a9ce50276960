namespace GracefulExit.Engine;

/// <summary>Is notified of stops of a <see cref="NestedPipeline"/>.</summary>
internal interface INestedPipelineOwner
{
    /// <summary>
    /// Somebody is about to stop the pipeline. The engine raises this event on the stopping thread before it stops anything, and goes
    /// on when the handler has returned. So not returning protects an exit block.
    /// </summary>
    /// <returns>
    /// False on the pipeline thread itself, which raises the event if the stop coincides with the pipeline's start: the stop was not
    /// held back, and nothing may begin in this pipeline.
    /// </returns>
    bool OnPipelineStopping(NestedPipeline pipeline);

    /// <summary>Lets a stop pass, even one that is being held back already: it is our own, such as that of a time limit.</summary>
    void OnStopAllowed();
}
