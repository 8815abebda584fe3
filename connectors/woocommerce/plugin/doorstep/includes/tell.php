<?php
/**
 * Everything that we say to Doorstep: one signed message to the door that it named when it connected.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

const TELL_SECONDS = 5;

/**
 * Posts `$said` to the door. Not waiting: the answer is not read, and a second is the most that it costs.
 *
 * @return array|\WP_Error|null As wp_remote_post; null while we are not connected.
 */
function tell( $action, array $said, $wait = true ) {
	if ( ! is_connected() ) {
		return null;
	}
	$body = wp_json_encode( $said );
	$time = (string) their_time();
	$door = state()['door'] . '/' . $action;
	return wp_remote_post(
		$door,
		array(
			'blocking'            => $wait,
			'timeout'             => $wait ? TELL_SECONDS : 1,
			'redirection'         => 0,
			'reject_unsafe_urls'  => ! is_own_app( $door ),
			'limit_response_size' => 1000000,
			'headers'             => array(
				'Content-Type'         => 'application/json',
				'Accept'               => 'application/json',
				'X-Doorstep-Time'      => $time,
				'X-Doorstep-Signature' => message_signature( $action, $time, $body ),
			),
			'body'                => $body,
		)
	);
}
