<?php
// A value within the query.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function find( $email ) {
	global $wpdb;
	return $wpdb->get_var( "SELECT id FROM {$wpdb->users} WHERE user_email = '$email'" );
}
