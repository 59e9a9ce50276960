namespace GracefulExit.Engine;

/// <summary>Learns of the stops of a <see cref="NestedPipeline"/>.</summary>
internal interface INestedPipelineOwner
{
    /// <summary>
    /// The pipeline is being stopped by somebody, who has not yet begun to: the engine raises this event first, on the
    /// stopping thread, and stops when the handler has returned. Holding it back therefore protects an exit block.
    /// </summary>
    /// <returns>
    /// False on the pipeline thread itself, which raises the event in place of the stopper when the stop coincides with the
    /// pipeline's start: nothing was held back, and nothing may be begun in this pipeline.
    /// </returns>
    bool OnPipelineStopping(NestedPipeline pipeline);

    /// <summary>A stop of our own, such as that of a time limit, is not to be held back, nor one that is being held back already.</summary>
    void OnStopAllowed();
}
