<?php
// Of two methods one is open.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

add_action( 'rest_api_init', __NAMESPACE__ . '\\add_route' );

function add_route() {
	register_rest_route(
		'wc-doorstep/v1',
		'/settings',
		array(
			array(
				'methods'             => 'POST',
				'callback'            => __NAMESPACE__ . '\\take_settings',
				'permission_callback' => __NAMESPACE__ . '\\may_set',
			),
			array(
				'methods'             => 'DELETE',
				'callback'            => __NAMESPACE__ . '\\forget_settings',
				'permission_callback' => '__return_true',
			),
		)
	);
}

function take_settings( $request ) {
	return array( 'connected' => true );
}

function forget_settings( $request ) {
	return array( 'connected' => false );
}

function may_set() {
	return current_user_can( 'manage_woocommerce' );
}
