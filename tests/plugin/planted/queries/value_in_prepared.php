<?php
// A value within what is prepared.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function find( $email, $limit ) {
	global $wpdb;
	return $wpdb->get_col( $wpdb->prepare( "SELECT id FROM {$wpdb->users} WHERE user_email = %s LIMIT $limit", $email ) );
}
