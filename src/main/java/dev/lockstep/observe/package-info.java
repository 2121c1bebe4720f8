/**
 * What a run leaves behind and shows: metrics, the run folder, checkpoints, saved models, progress, tables.
 *
 * <p>{@link dev.lockstep.observe.RunFolder}, {@link dev.lockstep.observe.PathFile} (the weights along the run), {@link
 * dev.lockstep.observe.EventFile} (for TensorBoard; its messages are generated from {@code src/main/protobuf}) and {@link
 * dev.lockstep.observe.Progress} are listeners of the loop. {@link dev.lockstep.observe.SavedModel} is what {@code model/}
 * holds, weights as {@link dev.lockstep.observe.Safetensors} with PyTorch's names. {@link
 * dev.lockstep.observe.Checkpoints} keeps the run between two steps, {@link dev.lockstep.observe.StoredCheckpoint} finds
 * the newest whole one. {@link dev.lockstep.observe.FolderLock} keeps a second process away. {@link
 * dev.lockstep.observe.LinePlot} makes a PNG. All files go through Hadoop's file systems.
 */
package dev.lockstep.observe;
