/**
 * Training: the trainer and its settings, checkpoints, the search for a learning rate, ready-made
 * networks. May touch all packages of this module.
 */
package org.cajal.train;
