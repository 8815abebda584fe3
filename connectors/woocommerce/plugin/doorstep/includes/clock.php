<?php
/**
 * The time that Doorstep will believe: many a shop's clock is wrong by minutes, and every signature that we
 * send is good for a short time only.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

/** Unix seconds, as Doorstep's clock showed them when it spoke to us last. */
function their_time() {
	return time() - (int) state()['offset'];
}

/** Seconds since Doorstep sent its settings last, by our own clock; null if it never did. */
function silence() {
	$heard = (int) state()['received_at'];
	return $heard > 0 ? time() - $heard : null;
}
